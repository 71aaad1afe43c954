/**
 * Converts the vertices of a Wavefront OBJ file (`v X Y Z` lines, in order) to JSON, `[[x, y, z], ...]`: the format of
 * `mesh-canonical.json`. Integers keep a `.0`, so that bytes and digest equal those of the manifest.
 */
export function verticesAsJson(obj: Uint8Array): Uint8Array {
  const vertices = new TextDecoder()
    .decode(obj)
    .split(/\r?\n/)
    .filter((line) => line.startsWith('v '))
    .map((line) => `[${line.trim().split(/\s+/).slice(1, 4).map(number).join(', ')}]`);
  return new TextEncoder().encode(`[${vertices.join(', ')}]`);
}

function number(text: string): string {
  const value = Number(text);
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
