import type { Detection, Face } from '../../../../models/jobs.ts';
import { isFaceDark } from '../face-light.ts';

/** Least height of the face, as a share of the picture's: at 60 degrees of view, a person 3 m from the camera. */
const MIN_HEIGHT = 0.08;
/** Least share of the face's box that lies within the picture. */
const MIN_INSIDE = 0.75;
/** Degrees of tilt: more is a picture that was turned. */
const MAX_ROLL = 50;
/**
 * Fine contrast behind a smeared lens or far out of focus, where the eyes are not known either. Of 400 photographs, one
 * has less; sunglasses hide the eyes of a face that is sharp.
 */
const BLURRED = { sharpness: 0.115, confidence: 0.2 } as const;
/** Overexposed, 0..255. */
const WHITE = { mean: 245, deviation: 8 } as const;

/**
 * Why the student's face cannot be judged well, in a picture that shows it: its direction is not measured, or measured
 * badly. Undefined: it is clear.
 */
export function whyUnclear(
  { width, height, pose, gaze, sharpness, faceLuma }: Detection,
  { box }: Face,
): 'far' | 'edge' | 'dark' | 'overexposed' | 'tilted' | 'hidden' | 'blurred' | undefined {
  if (box[3] < MIN_HEIGHT * height) return 'far';
  if (inside(box[0], box[2], width) * inside(box[1], box[3], height) < MIN_INSIDE) return 'edge';
  if (isFaceDark(faceLuma)) return 'dark';
  if (faceLuma && faceLuma.mean > WHITE.mean && faceLuma.deviation < WHITE.deviation) return 'overexposed';
  if (!pose) return 'hidden';
  if (Math.abs(pose.roll) > MAX_ROLL) return 'tilted';
  if (sharpness === null || !gaze || gaze.confidence >= BLURRED.confidence) return undefined;
  return sharpness < BLURRED.sharpness ? 'blurred' : undefined;
}

const inside = (from: number, length: number, limit: number): number =>
  Math.max(0, Math.min(limit, from + length) - Math.max(0, from)) / length;
