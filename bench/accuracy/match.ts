import type { Box, Face } from '../../models/jobs.ts';
import type { LabelledFace } from './pack.ts';

/** Overlap from which a found face is the labelled one. */
export const SAME_FACE = 0.4;
/** Share of a found face's area inside a region left open from which nothing is held against it. */
const INSIDE = 0.5;

/** Intersection over union, 0..1. */
export function iou(a: Box, b: Box): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

/** Which of the found faces each labelled one is, if any: the best overlaps first, each found face once. */
export function assign(labelled: readonly Box[], found: readonly Box[]): readonly (number | undefined)[] {
  const pairs = labelled
    .flatMap((label, l) => found.map((box, f) => ({ l, f, overlap: iou(label, box) })))
    .filter(({ overlap }) => overlap >= SAME_FACE)
    .sort((a, b) => b.overlap - a.overlap);
  const result: (number | undefined)[] = labelled.map(() => undefined);
  for (const { l, f } of pairs) if (result[l] === undefined && !result.includes(f)) result[l] = f;
  return result;
}

/** Found boxes that are no labelled face, and do not lie in a region that the labels leave open. */
export function falseFaces(found: readonly Box[], labels: readonly LabelledFace[]): readonly Box[] {
  return found.filter((box) =>
    labels.every((label) =>
      iou(box, label.box) < SAME_FACE && !(label.ignore && intersection(box, label.box) >= INSIDE * box[2] * box[3])));
}

/** The face that is measured for pose: the one with the largest box. */
export function largest(faces: readonly Face[]): Face | undefined {
  return faces.reduce<Face | undefined>((best, face) => (best && area(best.box) >= area(face.box) ? best : face), undefined);
}

const area = (box: Box): number => box[2] * box[3];

function intersection(a: Box, b: Box): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return w > 0 && h > 0 ? w * h : 0;
}
