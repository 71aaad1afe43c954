import type { Measured } from './adapters/adapter.ts';
import type { RgbImage } from './image.ts';
import type { Face, Point } from './jobs.ts';
import type { FaceHint } from './face-hint.ts';

/**
 * Decides when detection can be skipped: image and face are nearly those of the last detector run. The box of that run
 * is kept unchanged, so it cannot drift.
 */

/** Maximum change of a cell's mean in levels: noise, a shadow, the edge of a nodding head. */
const MAX_CELL_CHANGE = 16;
/** Maximum changed cells of 192: a person entering or another room changes more. */
const MAX_CHANGED_CELLS = 20;
/**
 * Maximum movement of an eye as a share of the crop's side: about the variation of the detector's own boxes between two
 * frames of a still face.
 */
const MAX_EYE_SHIFT = 0.04;
/** Below this the face may be covered or gone. */
const MIN_VISIBILITY = 0.5;
const MAX_VISIBILITY_LOSS = 0.25;

/** Reference for later frames; undefined unless there is exactly one clearly visible face. */
export function faceHintOf(
  { width, height }: RgbImage,
  faces: readonly Face[],
  { eyes, visibility }: Measured,
  scene: Uint8Array,
): FaceHint | undefined {
  if (faces.length !== 1 || !eyes || visibility === null || visibility < MIN_VISIBILITY) return undefined;
  return { width, height, face: faces[0]!, eyes, visibility, scene };
}

/** True if no person or object that takes a fair part of the image can have entered or moved. */
export function isSameScene(hint: FaceHint, { width, height }: RgbImage, scene: Uint8Array): boolean {
  if (width !== hint.width || height !== hint.height) return false;
  let changed = 0;
  for (let i = 0; i < scene.length; i++) if (Math.abs(scene[i]! - hint.scene[i]!) > MAX_CELL_CHANGE) changed++;
  return changed <= MAX_CHANGED_CELLS;
}

/** True if the face is still in its box and as visible as before. */
export function isInPlace(hint: FaceHint, { pose, eyes, visibility }: Measured): boolean {
  if (!pose || !eyes || visibility === null) return false;
  if (visibility < MIN_VISIBILITY || visibility < hint.visibility - MAX_VISIBILITY_LOSS) return false;
  return shift(eyes[0], hint.eyes[0]) <= MAX_EYE_SHIFT && shift(eyes[1], hint.eyes[1]) <= MAX_EYE_SHIFT;
}

const shift = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
