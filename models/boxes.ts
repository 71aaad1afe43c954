import type { Box, Face } from './jobs.ts';

export const area = (box: Box): number => box[2] * box[3];

/** Intersection area of two boxes. */
export function intersection(a: Box, b: Box): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Intersection over union, 0..1. */
export function iou(a: Box, b: Box): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

/** The face whose pose is measured: the one with the largest box. */
export function largest(faces: readonly Face[]): Face | undefined {
  return faces.reduce<Face | undefined>(
    (best, face) => (best && area(best.box) >= area(face.box) ? best : face),
    undefined,
  );
}
