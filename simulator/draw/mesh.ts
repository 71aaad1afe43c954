/** Triangle meshes with one texture each. Positions in centimetres in the owner's coordinates. */

/** Linear RGB and gloss (0..1), four numbers per texel, row-major. */
export interface Texture {
  readonly width: number;
  readonly height: number;
  readonly texels: Float32Array;
}

export interface Mesh {
  /** x, y, z per vertex */
  readonly positions: Float32Array;
  /** unit x, y, z per vertex */
  readonly normals: Float32Array;
  /** u, v per vertex, 0..1 */
  readonly uvs: Float32Array;
  /** three vertices per triangle, counter-clockwise seen from outside */
  readonly triangles: Uint32Array;
  /** Drawn from behind as well: loose cloth and hair. */
  readonly doubleSided: boolean;
}

export type Place = (u: number, v: number) => readonly [x: number, y: number, z: number];

/**
 * A surface over u, v in 0..1. Seen from outside, u must run right when v runs up: around a head or a body, from the
 * back over image left, the front and image right to the back again.
 */
export function sheet(columns: number, rows: number, place: Place, doubleSided = false): Mesh {
  const count = (columns + 1) * (rows + 1);
  const positions = new Float32Array(count * 3);
  const uvs = new Float32Array(count * 2);
  for (let row = 0, i = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++, i++) {
      positions.set(place(column / columns, row / rows), i * 3);
      uvs[i * 2] = column / columns;
      uvs[i * 2 + 1] = row / rows;
    }
  }
  const triangles = new Uint32Array(columns * rows * 6);
  for (let row = 0, t = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, t += 6) {
      const a = row * (columns + 1) + column;
      const b = a + columns + 1;
      triangles.set([a, a + 1, b, a + 1, b + 1, b], t);
    }
  }
  const mesh = { positions, normals: new Float32Array(count * 3), uvs, triangles, doubleSided };
  smoothNormals(mesh, columns, rows);
  return mesh;
}

/** Central differences along the grid; a closed grid shares its seam. */
function smoothNormals({ positions, normals }: Mesh, columns: number, rows: number): void {
  const at = (column: number, row: number, axis: number): number =>
    positions[(row * (columns + 1) + column) * 3 + axis]!;
  const gap = Math.hypot(
    at(0, rows >> 1, 0) - at(columns, rows >> 1, 0),
    at(0, rows >> 1, 1) - at(columns, rows >> 1, 1),
    at(0, rows >> 1, 2) - at(columns, rows >> 1, 2),
  );
  const closed = gap < 1e-3;
  for (let row = 0; row <= rows; row++) {
    const below = Math.max(0, row - 1);
    const above = Math.min(rows, row + 1);
    for (let column = 0; column <= columns; column++) {
      const left = column > 0 ? column - 1 : closed ? columns - 1 : 0;
      const right = column < columns ? column + 1 : closed ? 1 : columns;
      const ux = at(right, row, 0) - at(left, row, 0);
      const uy = at(right, row, 1) - at(left, row, 1);
      const uz = at(right, row, 2) - at(left, row, 2);
      const vx = at(column, above, 0) - at(column, below, 0);
      const vy = at(column, above, 1) - at(column, below, 1);
      const vz = at(column, above, 2) - at(column, below, 2);
      const x = uy * vz - uz * vy,
        y = uz * vx - ux * vz,
        z = ux * vy - uy * vx;
      const area = Math.sqrt(x * x + y * y + z * z);
      const length = area > 1e-6 ? area : Number.POSITIVE_INFINITY;
      const i = (row * (columns + 1) + column) * 3;
      normals[i] = x / length;
      normals[i + 1] = y / length;
      normals[i + 2] = z / length;
    }
  }
  for (const [pole, beside] of [
    [0, 1],
    [rows, rows - 1],
  ] as const)
    closePole(normals, columns, pole, beside);
}

/** At a pole, where a grid row shrinks to a point, the normal is the mean of the neighbouring row's. */
function closePole(normals: Float32Array, columns: number, pole: number, beside: number): void {
  const start = pole * (columns + 1) * 3;
  const end = start + (columns + 1) * 3;
  if (normals.subarray(start, end).some((value) => value !== 0)) return;
  let x = 0,
    y = 0,
    z = 0;
  for (let i = beside * (columns + 1) * 3, stop = i + columns * 3; i < stop; i += 3) {
    x += normals[i]!;
    y += normals[i + 1]!;
    z += normals[i + 2]!;
  }
  const length = Math.hypot(x, y, z) || 1;
  for (let i = start; i < end; i += 3) normals.set([x / length, y / length, z / length], i);
}

export function solidTexture(colour: readonly [number, number, number], gloss: number): Texture {
  return { width: 1, height: 1, texels: Float32Array.from([...colour, gloss]) };
}

/** Fills a texture by sampling linear red, green, blue and gloss at the centre of each texel. */
export function paint(
  width: number,
  height: number,
  ask: (u: number, v: number) => readonly [number, number, number, number],
): Texture {
  const texels = new Float32Array(width * height * 4);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i += 4) {
      const texel = ask((column + 0.5) / width, (row + 0.5) / height);
      texels[i] = texel[0];
      texels[i + 1] = texel[1];
      texels[i + 2] = texel[2];
      texels[i + 3] = texel[3];
    }
  }
  return { width, height, texels };
}
