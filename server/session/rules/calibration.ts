import type { Pose } from '../../../models/jobs.ts';
import type { Policy } from '../../../protocol/policy.ts';

/**
 * How the student sits: the median direction of the first good frames, bounded, so that nobody calibrates looking away.
 */
export interface Calibration {
  /** Time of the first good frame, ms. */
  readonly startedAt: number | undefined;
  readonly samples: readonly Pose[];
  /** Set once the time is over; until then `baseline` follows the samples. */
  readonly done: boolean;
  readonly baseline: { readonly yaw: number; readonly pitch: number };
  /** The median itself, which the baseline bounds. */
  readonly measured: { readonly yaw: number; readonly pitch: number };
}

export const UNCALIBRATED: Calibration = {
  startedAt: undefined,
  samples: [],
  done: false,
  baseline: { yaw: 0, pitch: 0 },
  measured: { yaw: 0, pitch: 0 },
};

/** With fewer frames than this, straight ahead is assumed and calibration continues. */
const MIN_SAMPLES = 3;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const bounded = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));

/**
 * Takes one good frame: the student's face with a pose, and nobody else who counts as a person.
 * @param at server ms without the time of frames that could not be judged
 */
export function calibrate(policy: Policy['calibration'], state: Calibration, pose: Pose, at: number): Calibration {
  if (state.done) return state;
  const startedAt = state.startedAt ?? at;
  const isOver = at - startedAt > policy.seconds * 1000 && state.samples.length >= MIN_SAMPLES;
  if (isOver) return { ...state, samples: [], done: true };
  const samples = [...state.samples, pose];
  if (samples.length < MIN_SAMPLES) return { ...state, startedAt, samples };
  const measured = {
    yaw: median(samples.map((sample) => sample.yaw)),
    pitch: median(samples.map((sample) => sample.pitch)),
  };
  const baseline = { yaw: bounded(measured.yaw, policy.maxYaw), pitch: bounded(measured.pitch, policy.maxPitch) };
  return { startedAt, samples, done: false, baseline, measured };
}

/** Degrees. A camera below the screen sees a face from below, one beside it is an honest reason, too. */
const TURNED = { yaw: 12, pitch: 18 } as const;

/** Whether a student sat far from straight, so that looking aside even further is needed to count as that. */
export const isTurned = ({ yaw, pitch }: Calibration['measured']): boolean =>
  Math.abs(yaw) >= TURNED.yaw || Math.abs(pitch) >= TURNED.pitch;
