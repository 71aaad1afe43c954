import { area, intersection, iou } from '../../models/boxes.ts';
import type { Box } from '../../models/jobs.ts';
import type { LabelledFace } from './pack.ts';

/** Minimum overlap of a detection with its labelled face. */
export const SAME_FACE = 0.4;
/** Share of a detected face inside an ignored region from which it is not counted as false. */
const INSIDE = 0.5;

/** Matches detections to labelled faces: best overlaps first, each detection at most once. */
export function assign(labelled: readonly Box[], found: readonly Box[]): readonly (number | undefined)[] {
  const pairs = labelled
    .flatMap((label, l) => found.map((box, f) => ({ l, f, overlap: iou(label, box) })))
    .filter(({ overlap }) => overlap >= SAME_FACE)
    .sort((a, b) => b.overlap - a.overlap);
  const result: (number | undefined)[] = labelled.map(() => undefined);
  for (const { l, f } of pairs) if (result[l] === undefined && !result.includes(f)) result[l] = f;
  return result;
}

/** Detections that match no labelled face and lie outside ignored regions. */
export function falseFaces(found: readonly Box[], labels: readonly LabelledFace[]): readonly Box[] {
  return found.filter((box) =>
    labels.every(
      (label) =>
        iou(box, label.box) < SAME_FACE && !(label.ignore && intersection(box, label.box) >= INSIDE * area(box)),
    ),
  );
}
