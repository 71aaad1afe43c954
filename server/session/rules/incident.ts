/**
 * One condition over time: pending while it has not lasted long enough, open after that, closed when it was clear for
 * `clears` observations. The beginning is the first observation of the condition, the end the first clear one, so that
 * neither the hold nor the release lengthens the duration.
 *
 * Observations that cannot tell are not made: the incident stays as it is, and their time counts for nothing.
 */
export interface IncidentState {
  readonly phase: 'clear' | 'pending' | 'open';
  /** First observation with the condition. */
  readonly since: Moment;
  /** Observations with the condition. */
  readonly frames: number;
  /** Highest confidence seen, 0..1. */
  readonly confidence: number;
  /** Unknown time between `since` and the last observation with the condition, ms. */
  readonly unknownMs: number;
  /** Consecutive clear observations while open, and when the first of them came. */
  readonly clears: number;
  readonly clearSince: number;
  /** When the last `open` or `update` was reported. */
  readonly reportedAt: number;
}

/** A time, with how much of the session until then nothing could be observed. */
export interface Moment {
  /** Server ms. */
  readonly at: number;
  /** Unknown time so far, ms. */
  readonly unknownMs: number;
  /** Server ms from which nothing was known until now; absent if the observation before was one. */
  readonly unknownFrom?: number | undefined;
}

export interface IncidentRule {
  /** How long the condition must last, ms. */
  readonly holdMs: number;
  /** Observations it needs at least. */
  readonly minFrames: number;
  /** Clear observations that close it. */
  readonly clears: number;
}

export interface IncidentChange {
  readonly kind: 'open' | 'update' | 'close';
  readonly startedAt: number;
  /** Of `update`: the latest observation. Of `close`: the end. */
  readonly at: number;
  readonly frames: number;
  readonly confidence: number;
  /** Part of the time from the start to the last observation of it during which nothing was known, ms. */
  readonly unknownMs: number;
}

/** Observations do not come at exact times: a hold that misses its length by this much counts as full. */
const JITTER_MS = 250;

/**
 * An observation speaks for half an interval to each side. While the models are busy the intervals are longer, and
 * without this a hold of 3 s would wait for a frame that comes after 4; a quarter of the hold at most.
 */
function tolerance(rule: Pick<IncidentRule, 'holdMs'>, lasted: number, frames: number): number {
  const interval = frames < 2 ? 0 : lasted / (frames - 1);
  return Math.max(JITTER_MS, Math.min(interval / 2, rule.holdMs / 4));
}

/** Whether a condition that lasted so long (ms), over so many observations, opens an incident. */
export function hasHeld(rule: Pick<IncidentRule, 'holdMs' | 'minFrames'>, lasted: number, frames: number): boolean {
  return lasted + tolerance(rule, lasted, frames) >= rule.holdMs && frames >= rule.minFrames;
}

/** An incident that lasts is reported again at this interval, so that a crash loses little of its duration. */
const UPDATE_MS = 10_000;

export const CLEAR: IncidentState = {
  phase: 'clear',
  since: { at: 0, unknownMs: 0 },
  frames: 0,
  confidence: 0,
  unknownMs: 0,
  clears: 0,
  clearSince: 0,
  reportedAt: 0,
};

const report = (kind: IncidentChange['kind'], state: IncidentState, at: number): IncidentChange => ({
  kind,
  startedAt: state.since.at,
  at,
  frames: state.frames,
  confidence: state.confidence,
  unknownMs: state.unknownMs,
});

/** @param since when the condition began, if that is known to be before this observation */
export function observe(
  rule: IncidentRule,
  state: IncidentState,
  seen: boolean,
  now: Moment,
  confidence = 1,
  since = now,
): { state: IncidentState; change: IncidentChange | undefined } {
  if (!seen) return observeClear(rule, state, now);
  const { at } = now;
  const first = state.phase === 'clear';
  const began = first ? { at: since.at, unknownMs: since.unknownMs } : state.since;
  const next: IncidentState = {
    ...state,
    phase: first ? 'pending' : state.phase,
    since: began,
    frames: state.frames + 1,
    confidence: Math.max(state.confidence, confidence),
    unknownMs: now.unknownMs - began.unknownMs,
    clears: 0,
  };
  if (next.phase === 'pending') {
    if (!hasHeld(rule, Math.max(0, at - began.at - next.unknownMs), next.frames))
      return { state: next, change: undefined };
    return { state: { ...next, phase: 'open', reportedAt: at }, change: report('open', next, at) };
  }
  if (at - next.reportedAt < UPDATE_MS) return { state: next, change: undefined };
  return { state: { ...next, reportedAt: at }, change: report('update', next, at) };
}

function observeClear(
  rule: IncidentRule,
  state: IncidentState,
  { at, unknownFrom = at }: Moment,
): { state: IncidentState; change: IncidentChange | undefined } {
  if (state.phase !== 'open') return { state: CLEAR, change: undefined };
  const clears = state.clears + 1;
  // Unknown time before it is none of the incident's.
  const clearSince = state.clears === 0 ? unknownFrom : state.clearSince;
  if (clears < rule.clears) return { state: { ...state, clears, clearSince }, change: undefined };
  return { state: CLEAR, change: report('close', state, clearSince) };
}

/** Ends the incident without a clear observation: the camera or the connection is gone, or the session is over. */
export function cutOff(state: IncidentState, at: number): { state: IncidentState; change: IncidentChange | undefined } {
  if (state.phase !== 'open') return { state: CLEAR, change: undefined };
  return {
    state: CLEAR,
    change: report('close', state, state.clears > 0 ? state.clearSince : Math.max(at, state.since.at)),
  };
}
