import { scaleColour } from './colour.ts';
import type { PersonLook } from './look.ts';
import { type Mesh, paint, sheet, solidTexture } from './mesh.ts';
import type { Part } from './raster.ts';
import { bump } from './scalar.ts';

type Point = readonly [x: number, y: number, z: number];

/** Ears: flattened shells, tilted away from the skull, dark in the middle. */
export function earParts(look: PersonLook): Part[] {
  const texture = paint(48, 32, (u, v) => {
    // The outer side faces image right for the right ear; both halves are painted, one is hidden.
    const side = Math.abs(Math.abs(u * 2 - 1) - 0.5) * 4;
    const bowl = 0.5 * bump(side, 0.55) * bump((v - 0.5) * 4, 0.9) + 0.2 * bump(side - 1.1, 0.3);
    const [red, green, blue] = scaleColour(look.skin, 1 - bowl);
    return [red * 1.03, green * 0.88, blue * 0.86, 0.03];
  });
  return [-1, 1].map((side) => ({ mesh: ear(side * 7.45 * look.shape.width, side), texture }));
}

function ear(cx: number, side: number): Mesh {
  return sheet(28, 20, (u, v) => {
    const lon = (u * 2 - 1) * Math.PI;
    const lat = (v - 0.5) * Math.PI;
    const [x, y, z] = [
      0.75 * Math.sin(lon) * Math.cos(lat),
      2.75 * Math.sin(lat),
      1.5 * Math.cos(lon) * Math.cos(lat) * (1 + 0.25 * Math.sin(lat)),
    ];
    // Tilted back and away from the head at the rear edge.
    return [cx + x - side * z * 0.3, -1.5 + y - z * 0.12, -0.9 + z - y * 0.15];
  });
}

/** Two rims, a bridge and two temples. */
export function glassesParts(look: PersonLook): Part[] {
  if (!look.glasses) return [];
  const texture = solidTexture(look.frames, 0.25);
  const width = look.shape.width;
  // Curved around the face and leaning towards the cheeks at the bottom.
  const atFace = (x: number, y: number): Point => [x * width, y, 8.7 - 0.04 * x * x + 0.12 * y];
  const paths: Point[][] = [];
  for (const side of [-1, 1]) {
    const rim: Point[] = [];
    for (let i = 0; i <= 32; i++) {
      const angle = (i / 32) * 2 * Math.PI;
      const squared = (value: number): number => Math.sign(value) * Math.abs(value) ** 0.6;
      rim.push(atFace(side * (3.25 + 2.35 * squared(Math.cos(angle))), -0.35 + 1.75 * squared(Math.sin(angle))));
    }
    paths.push(rim);
    paths.push([atFace(side * 5.6, 0.5), [side * 7.5 * width, 0.6, 4], [side * 7.9 * width, 0.4, -1]]);
  }
  paths.push([atFace(-0.95, 0.3), atFace(0, 0.55), atFace(0.95, 0.3)]);
  return paths.map((path) => ({ mesh: tube(path, 0.11), texture }));
}

function tube(path: readonly Point[], radius: number): Mesh {
  const last = path.length - 1;
  return sheet(
    6,
    last,
    (u, v) => {
      const i = Math.round(v * last);
      const here = path[i]!;
      const [before, after] = [path[Math.max(0, i - 1)]!, path[Math.min(last, i + 1)]!];
      const along: Point = [after[0] - before[0], after[1] - before[1], after[2] - before[2]];
      const length = Math.hypot(...along) || 1;
      const [tx, ty, tz] = [along[0] / length, along[1] / length, along[2] / length];
      // Two directions across the path, built from the one of y and z that is less parallel to it.
      const [sx, sy, sz] = Math.abs(tz) < 0.8 ? [ty, -tx, 0] : [-tz, 0, tx];
      const sl = Math.hypot(sx, sy, sz) || 1;
      const [ax, ay, az] = [sx / sl, sy / sl, sz / sl];
      const [bx, by, bz] = [ty * az - tz * ay, tz * ax - tx * az, tx * ay - ty * ax];
      const [c, s] = [Math.cos(u * 2 * Math.PI) * radius, Math.sin(u * 2 * Math.PI) * radius];
      return [here[0] + ax * c + bx * s, here[1] + ay * c + by * s, here[2] + az * c + bz * s];
    },
    true,
  );
}
