import type { Gaze } from './jobs.ts';

/** Network output for one eye: degrees relative to the head, yaw > 0 to image right. */
export type EyeGaze = Gaze;

/** Minimum confidence for using the angles of an eye. */
const KNOWN = 0.6;
/** Factor on the confidence when only one eye is known: less reliable than two. */
const ONE_EYE = 0.85;
/**
 * Maximum difference in yaw between two eyes, degrees: they converge by about 7 on a screen at half a metre. At twice
 * that the gaze is unknown.
 */
const AGREE = 12;
/** Maximum rotation of an eye: larger outputs are network errors. */
const MAX_YAW = 60;
const MAX_PITCH = 50;

/**
 * Fuses two eyes into one gaze. Both known: their mean by confidence, with less confidence the more they disagree; one
 * known: that one; none known: a guess with low confidence. Null without any numbers.
 */
export function fuseEyes(left: EyeGaze, right: EyeGaze): Gaze | null {
  const eyes = [left, right].filter(isMeasured).map(limited);
  const known = eyes.filter(({ confidence }) => confidence >= KNOWN);
  const used = known.length > 0 ? known : eyes;
  if (used.length === 0) return null;
  return { ...mean(used), confidence: confidenceOf(known, eyes) };
}

function confidenceOf(known: readonly EyeGaze[], eyes: readonly EyeGaze[]): number {
  const [one, other] = known;
  if (!one) return Math.max(...eyes.map(({ confidence }) => confidence));
  if (!other) return one.confidence * ONE_EYE;
  const apart = Math.abs(one.yaw - other.yaw);
  const agreement = Math.min(1, Math.max(0, 2 - apart / AGREE));
  return ((one.confidence + other.confidence) / 2) * agreement;
}

function mean(eyes: readonly EyeGaze[]): { readonly yaw: number; readonly pitch: number } {
  const total = eyes.reduce((sum, { confidence }) => sum + confidence, 0);
  const weight = ({ confidence }: EyeGaze): number => (total > 0 ? confidence / total : 1 / eyes.length);
  return {
    yaw: eyes.reduce((sum, eye) => sum + eye.yaw * weight(eye), 0),
    pitch: eyes.reduce((sum, eye) => sum + eye.pitch * weight(eye), 0),
  };
}

function isMeasured({ yaw, pitch, confidence }: EyeGaze): boolean {
  return Number.isFinite(yaw) && Number.isFinite(pitch) && Number.isFinite(confidence);
}

function limited({ yaw, pitch, confidence }: EyeGaze): EyeGaze {
  return {
    yaw: within(yaw, MAX_YAW),
    pitch: within(pitch, MAX_PITCH),
    confidence: Math.min(1, Math.max(0, confidence)),
  };
}

function within(value: number, max: number): number {
  return Math.min(max, Math.max(-max, value));
}
