/**
 * The head as a signed distance field: smoothly joined round solids. Centimetres; the eyes are at y = 0, x to image
 * right, y up, z to the camera. Left and right are mirrored, so only |x| matters.
 */

/** A person's deviations from the average head; factors unless stated otherwise. */
export interface HeadShape {
  readonly width: number;
  readonly jaw: number;
  readonly cheeks: number;
  readonly noseLength: number;
  readonly noseWidth: number;
  readonly brow: number;
  readonly lips: number;
  readonly chin: number;
}

/** Half the distance between the eyes' centres. */
export const EYE_X = 3.15;
export const MOUTH_Y = -6.9;
/** For the average nose. */
export const NOSE_TIP_Y = -3.7;
/** Crown to chin. */
export const HEAD_HEIGHT = 22.2;

/** Inigo Quilez' bound for an ellipsoid's distance. */
function ellipsoid(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
  const [a, b, c] = [x / rx, y / ry, z / rz];
  const k0 = Math.sqrt(a * a + b * b + c * c);
  const [d, e, f] = [a / rx, b / ry, c / rz];
  return (k0 * (k0 - 1)) / Math.sqrt(d * d + e * e + f * f + 1e-9);
}

/** A capsule whose radius goes from `ra` to `rb`. */
function limb(
  x: number,
  y: number,
  z: number,
  ax: number,
  ay: number,
  az: number,
  ra: number,
  bx: number,
  by: number,
  bz: number,
  rb: number,
): number {
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az];
  const along = ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / (dx * dx + dy * dy + dz * dz);
  const t = along < 0 ? 0 : along > 1 ? 1 : along;
  return Math.hypot(x - ax - dx * t, y - ay - dy * t, z - az - dz * t) - (ra + (rb - ra) * t);
}

/** Smooth union, with the seam blended over `k` centimetres. */
function melt(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0) / k;
  return Math.min(a, b) - (h * h * k) / 4;
}

/** `a` without `b`, with the edge rounded over `k` centimetres. */
function carve(a: number, b: number, k: number): number {
  return -melt(-a, b, k);
}

/** Signed distance to the skin (approximately exact near it), without ears and hair. */
export function headDistance(shape: HeadShape, px: number, y: number, z: number): number {
  const x = Math.abs(px) / shape.width;
  let d = ellipsoid(x, y - 3, z + 1, 7.6, 8.1, 9.3);
  d = melt(d, ellipsoid(x, y + 3, z - 1.5, 6.5 * shape.jaw, 8, 6.9), 2);
  d = melt(d, ellipsoid(x, y + 9.7, z - 5.9, 2.7 * shape.jaw, 2.0, 2.5 * shape.chin), 2.2);
  d = melt(d, ellipsoid(x - 4.5, y + 2.3, z - 5.3, 2.1, 1.7, 1.9 * shape.cheeks), 2);
  // Behind the chin the head ends at the jaw's edge; the neck is a separate solid.
  if (z < 9.5 && y > -12) {
    d = melt(d, limb(x, y, z, 0.8, 1.5, 8.0, 0.6 * shape.brow, 4.7, 1.7, 6.2, 0.7 * shape.brow), 1.2);
    d = carve(d, ellipsoid(x - 3.15, y + 0.1, z - 8.9, 2.0, 1.3, 2.1), 1.1);
    d = melt(d, Math.hypot(x - EYE_X, y, z - 6.0) - 1.35, 0.3);
  }
  if (y < 2.5 && z > 4) {
    const tipY = NOSE_TIP_Y * shape.noseLength;
    d = melt(d, ellipsoid(x, y + 6.8, z - 6.5, 3.2, 2.5, 2.6), 1.4);
    let nose = limb(x, y, z, 0, 0.7, 7.8, 0.55, 0, tipY + 0.3, 9.7, 0.7);
    nose = melt(nose, Math.hypot(x, y - tipY, z - 9.85) - 0.9 * shape.noseWidth, 0.5);
    nose = melt(nose, ellipsoid(x - 1.15 * shape.noseWidth, y - tipY + 0.3, z - 8.8, 0.6, 0.68, 0.85), 0.5);
    d = melt(d, nose, 0.9);
    d = carve(d, Math.hypot(x - 0.62 * shape.noseWidth, y - tipY + 1.0, z - 9.6) - 0.36, 0.25);
    const lips = shape.lips;
    d = melt(d, limb(x, y, z, 0, -6.4, 9.0, 0.36 * lips, 2.45, -6.85, 7.7, 0.16), 0.45);
    d = melt(d, limb(x, y, z, 0, -7.45, 8.9, 0.46 * lips, 2.25, -6.95, 7.7, 0.18), 0.45);
    d = carve(d, limb(x, y, z, 0, MOUTH_Y, 9.4, 0.13, 2.5, MOUTH_Y, 8.0, 0.13), 0.3);
    d = carve(d, limb(x, y, z, 0, -8.65, 9.6, 0.75, 1.6, -8.5, 9.0, 0.5), 0.8);
  }
  return d;
}

/** Point from which nearly every ray crosses the skin once; the outermost crossing is used. */
export const HEAD_CORE = { x: 0, y: -1, z: 0 } as const;

/** Distance from `HEAD_CORE` to the skin in a unit direction, found by marching inwards. */
export function headRadius(shape: HeadShape, dx: number, dy: number, dz: number): number {
  let radius = 14.5;
  for (let step = 0; step < 24; step++) {
    const d = headDistance(shape, dx * radius, HEAD_CORE.y + dy * radius, dz * radius);
    radius -= d * 0.85;
    if (d < 0.01) break;
  }
  return radius;
}
