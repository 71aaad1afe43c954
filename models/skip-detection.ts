import type { Measured } from './adapters/adapter.ts';
import type { RgbImage } from './image.ts';
import type { Face, Point } from './jobs.ts';
import type { FaceHint } from './face-hint.ts';

/**
 * When the detector need not run: the picture is the one that it saw before but for small things, and so is the face in
 * it. The box of the last run stays as it is and is never moved along, so that nothing can drift.
 */

/** Levels that a cell's mean may change by: noise, a shadow, the edge of a head that nods. */
const MAX_CELL_CHANGE = 16;
/** Of 192 cells: somebody who comes in, or another room, changes more. */
const MAX_CHANGED_CELLS = 20;
/**
 * How far an eye may have moved, as a share of the crop's side: about what the detector's own boxes differ by between
 * two frames of a still face.
 */
const MAX_EYE_SHIFT = 0.04;
/** Below this the face may be covered, or gone. */
const MIN_VISIBILITY = 0.5;
const MAX_VISIBILITY_LOSS = 0.25;

/**
 * What the frames after this one may be held against; undefined when there is not exactly one face that is well seen.
 */
export function faceHintOf(
  { width, height }: RgbImage,
  faces: readonly Face[],
  { eyes, visibility }: Measured,
  scene: Uint8Array,
): FaceHint | undefined {
  if (faces.length !== 1 || !eyes || visibility === null || visibility < MIN_VISIBILITY) return undefined;
  return { width, height, face: faces[0]!, eyes, visibility, scene };
}

/** Nobody can have come, and nothing can have been moved, that a fair part of the picture shows. */
export function isSameScene(hint: FaceHint, { width, height }: RgbImage, scene: Uint8Array): boolean {
  if (width !== hint.width || height !== hint.height) return false;
  let changed = 0;
  for (let i = 0; i < scene.length; i++) if (Math.abs(scene[i]! - hint.scene[i]!) > MAX_CELL_CHANGE) changed++;
  return changed <= MAX_CHANGED_CELLS;
}

/** The face is where its box is, seen as well as it was. */
export function isInPlace(hint: FaceHint, { pose, eyes, visibility }: Measured): boolean {
  if (!pose || !eyes || visibility === null) return false;
  if (visibility < MIN_VISIBILITY || visibility < hint.visibility - MAX_VISIBILITY_LOSS) return false;
  return shift(eyes[0], hint.eyes[0]) <= MAX_EYE_SHIFT && shift(eyes[1], hint.eyes[1]) <= MAX_EYE_SHIFT;
}

const shift = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
