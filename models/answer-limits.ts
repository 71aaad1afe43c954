import { SCENE_CELLS } from './luma.ts';
import { FACE_HINT_BYTES } from './face-hint.ts';

/**
 * Bounds of what a thread answers. Both ends hold to them: `analyse.ts` and `encodeAnswer` stay within, `checkAnswer`
 * refuses what is not.
 */

/** The best so many are told; more make no difference to a rule. */
export const MAX_FACES = 64;
/** Characters of why a frame has no detection. */
export const MAX_MESSAGE = 300;
/** Bytes of one answer. `MAX_FACES` faces of 15 numbers come to some 22 KiB. */
export const MAX_ANSWER_BYTES = 32 * 1024;
/** One point of luma a cell. */
export const PRINT_BYTES = SCENE_CELLS;
export { FACE_HINT_BYTES };

/** Pixels from the image's corner; boxes and landmarks may lie outside it. */
export const MAX_COORDINATE = 100_000;
/** Degrees. */
export const MAX_ANGLE = 360;
/** Of one step, ms: a thread that takes longer for the whole frame is ended long before. */
export const MAX_STEP_MS = 600_000;
