import type { Analysis } from '../../protocol/down.ts';

/** Without a usable image for this long, the student may skip the calibration, ms. */
const PATIENCE_MS = 15_000;

export interface CalibrationProgress {
  /** Time of the first usable image, ms; undefined before it. */
  readonly since: number | undefined;
  readonly startedAt: number;
}

/**
 * Pure: an image is usable when it has a face with a head pose and nobody else who counts as a person, as the server's
 * own calibration requires.
 */
export function noteAnalysis(
  progress: CalibrationProgress,
  { faces, pose, others = faces - 1 }: Pick<Analysis, 'faces' | 'pose' | 'others'>,
  now: number,
): CalibrationProgress {
  return progress.since === undefined && faces > 0 && others === 0 && pose !== null
    ? { ...progress, since: now }
    : progress;
}

/** Pure: elapsed share of the calibration, 0..1, and whether the student may skip it. */
export function readProgress(
  { since, startedAt }: CalibrationProgress,
  seconds: number,
  now: number,
): { share: number; maySkip: boolean } {
  if (since === undefined) return { share: 0, maySkip: now - startedAt >= PATIENCE_MS };
  return { share: seconds > 0 ? Math.min(1, (now - since) / (seconds * 1000)) : 1, maySkip: false };
}
