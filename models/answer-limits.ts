import { SCENE_CELLS } from './luma.ts';
import { FACE_HINT_BYTES } from './face-hint.ts';

/**
 * Bounds of a thread's answer, applied at both ends: `analyse.ts` and `encodeAnswer` stay within them, `checkAnswer`
 * refuses violations.
 */

/** Maximum number of reported faces, best first; more affect no rule. */
export const MAX_FACES = 64;
/** Maximum length of a failure message in characters. */
export const MAX_MESSAGE = 300;
/** Maximum bytes of one answer. `MAX_FACES` faces of 15 numbers take some 22 KiB. */
export const MAX_ANSWER_BYTES = 32 * 1024;
/** Luma values, one per cell. */
export const PRINT_BYTES = SCENE_CELLS;
export { FACE_HINT_BYTES };

/** Pixels from the corner of the image; boxes and landmarks may lie outside it. */
export const MAX_COORDINATE = 100_000;
/** Degrees. */
export const MAX_ANGLE = 360;
/** Duration of one step, ms: a thread is ended long before this for one frame. */
export const MAX_STEP_MS = 600_000;
