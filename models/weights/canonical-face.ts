/**
 * The vertices of a Wavefront OBJ file (`v X Y Z` lines, in order) as JSON, `[[x, y, z], ...]`: the form of
 * `mesh-canonical.json`. Whole numbers keep a `.0`, so that the bytes, and with them the digest, are those of the file
 * the manifest names.
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
