import { area, intersection, iou } from '../../models/boxes.ts';
import type { Box } from '../../models/jobs.ts';
import type { LabelledFace } from './pack.ts';

/** Overlap from which a found face is the labelled one. */
export const SAME_FACE = 0.4;
/** Share of a found face's area inside a region left open from which nothing is held against it. */
const INSIDE = 0.5;

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
    labels.every(
      (label) =>
        iou(box, label.box) < SAME_FACE && !(label.ignore && intersection(box, label.box) >= INSIDE * area(box)),
    ),
  );
}
