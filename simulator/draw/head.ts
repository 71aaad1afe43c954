import { HEAD_CORE, headRadius, type HeadShape } from './head-shape.ts';
import { type Mesh, sheet } from './mesh.ts';

/** Grid of the head's surface. Columns are even in number: the middle one is the profile line. */
const COLUMNS = 112;
const ROWS = 100;

/** Longitude (0 = front, > 0 to image right) of u in 0..1; columns are denser at the front, on the face. */
export function longitude(u: number): number {
  const t = u * 2 - 1;
  return Math.PI * (0.55 * t + 0.45 * t * t * t);
}

/** Latitude of v in 0..1; rows are denser around the centre of the face. */
function latitude(v: number): number {
  const t = v * 2 - 1;
  return (Math.PI / 2) * (0.75 * t + 0.25 * t * t * t);
}

/** The skin of the head. */
export function headMesh(shape: HeadShape): Mesh {
  const half = COLUMNS / 2;
  const radii = new Float32Array((half + 1) * (ROWS + 1));
  for (let row = 0; row <= ROWS; row++) {
    const lat = latitude(row / ROWS);
    for (let column = 0; column <= half; column++) {
      const lon = longitude(0.5 + column / COLUMNS);
      radii[row * (half + 1) + column] = headRadius(
        shape,
        Math.sin(lon) * Math.cos(lat),
        Math.sin(lat),
        Math.cos(lon) * Math.cos(lat),
      );
    }
  }
  return sheet(COLUMNS, ROWS, (u, v) => {
    const lon = longitude(u);
    const lat = latitude(v);
    const column = Math.abs(Math.round(u * COLUMNS) - half);
    const radius = radii[Math.round(v * ROWS) * (half + 1) + column]!;
    return [
      Math.sin(lon) * Math.cos(lat) * radius,
      HEAD_CORE.y + Math.sin(lat) * radius,
      Math.cos(lon) * Math.cos(lat) * radius,
    ];
  });
}

/** Interpolated position on the head's grid at u, v. */
export function onHead(mesh: Mesh, u: number, v: number): readonly [x: number, y: number, z: number] {
  const column = Math.min(Math.max(u * COLUMNS, 0), COLUMNS - 1e-4);
  const row = Math.min(Math.max(v * ROWS, 0), ROWS - 1e-4);
  const left = Math.floor(column);
  const low = Math.floor(row);
  const fx = column - left;
  const fy = row - low;
  const a = (low * (COLUMNS + 1) + left) * 3;
  const b = a + (COLUMNS + 1) * 3;
  const at = (axis: number): number => {
    const p = mesh.positions;
    const bottom = p[a + axis]! * (1 - fx) + p[a + 3 + axis]! * fx;
    const top = p[b + axis]! * (1 - fx) + p[b + 3 + axis]! * fx;
    return bottom * (1 - fy) + top * fy;
  };
  return [at(0), at(1), at(2)];
}
