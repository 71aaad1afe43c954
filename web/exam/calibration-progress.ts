import type { Analysis } from '../../protocol/down.ts';

/** How long a student is asked to wait for the first picture that shows how they sit, ms. */
const PATIENCE_MS = 15_000;

export interface CalibrationProgress {
  /** When the first good picture was told of, ms; undefined: not yet. */
  readonly since: number | undefined;
  readonly startedAt: number;
}

/** Pure: a good picture has one face, with a direction, as the server's own measure wants it. */
export function noteAnalysis(
  progress: CalibrationProgress,
  { faces, pose }: Pick<Analysis, 'faces' | 'pose'>,
  now: number,
): CalibrationProgress {
  return progress.since === undefined && faces === 1 && pose !== null ? { ...progress, since: now } : progress;
}

/** Share of the time that is over, 0..1, and whether the student may go on without it. Pure. */
export function readProgress(
  { since, startedAt }: CalibrationProgress,
  seconds: number,
  now: number,
): { share: number; maySkip: boolean } {
  if (since === undefined) return { share: 0, maySkip: now - startedAt >= PATIENCE_MS };
  return { share: seconds > 0 ? Math.min(1, (now - since) / (seconds * 1000)) : 1, maySkip: false };
}
