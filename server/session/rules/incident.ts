import {
  cut,
  depthOf,
  EMPTY,
  type Evidence,
  fill,
  type Hold,
  isEmpty,
  isSlowFull,
  isSlowSpent,
  leakThrough,
} from './evidence.ts';
import { knownBetween, type Moment } from './moment.ts';

/**
 * One condition over time: pending while there is some evidence of it, open once there is enough (`evidence.ts`), closed
 * when it was clear for `clears` observations. The beginning is the first observation of the condition, the end the
 * first clear one, so that neither the hold nor the release lengthens the duration.
 *
 * A condition that comes and goes is one incident, not one for each time: such an incident is `intermittent`, and closes
 * only when its evidence is used up. It ends at the first observation of the last clear run.
 *
 * Observations that cannot tell are not made: the incident stays as it is, and their time counts for nothing.
 */
export interface IncidentState {
  readonly phase: 'clear' | 'pending' | 'open';
  readonly evidence: Evidence;
  /** First observation with the condition since there was no evidence, or since the last incident. */
  readonly since: Moment;
  /** Observations with the condition. */
  readonly frames: number;
  /** Observations since `since`. */
  readonly observations: number;
  /** Highest confidence seen, 0..1. */
  readonly confidence: number;
  /** Unknown time between `since` and the last observation with the condition, ms. */
  readonly unknownMs: number;
  /** Clear time between them, ms, and that since the last observation with the condition. */
  readonly clearMs: number;
  readonly clearingMs: number;
  /** There was evidence from before `since`, or it was clear before it opened. */
  readonly intermittent: boolean;
  /** The second bucket opened it. */
  readonly recurrent: boolean;
  /** Consecutive clear observations, and when the first of them came. */
  readonly clears: number;
  readonly clearSince: number;
  /** When the last `open` or `update` was reported. */
  readonly reportedAt: number;
}

export interface IncidentRule extends Hold {
  /** Clear observations that close it. */
  readonly clears: number;
  /** One clear observation takes all evidence away: the condition is certain in each. */
  readonly forgets?: boolean;
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
  /** Part of that time during which the condition did not hold, ms. */
  readonly clearMs: number;
}

export interface Observed {
  readonly state: IncidentState;
  readonly change: IncidentChange | undefined;
}

/** Observations do not come at exact times: a hold that misses its length by this much counts as full. */
const JITTER_MS = 250;

/**
 * An observation speaks for half an interval to each side. While the models are busy the intervals are longer, and
 * without this a hold of 3 s would wait for a frame that comes after 4; a quarter of the hold at most.
 */
function tolerance(holdMs: number, lasted: number, observations: number): number {
  const interval = observations < 2 ? 0 : lasted / (observations - 1);
  return Math.max(JITTER_MS, Math.min(interval / 2, holdMs / 4));
}

/** Whether a condition that lasted so long without a break (ms), over so many observations, opens an incident. */
export function hasHeld(rule: Hold, lasted: number, frames: number): boolean {
  return lasted + tolerance(rule.holdMs, lasted, frames) >= rule.holdMs && frames >= rule.minFrames;
}

function isFull(rule: IncidentRule, state: IncidentState, now: Moment): boolean {
  const { evidence, observations } = state;
  if (rule.holdMs === 0) return evidence.level >= depthOf(rule);
  const missing = rule.holdMs - evidence.level;
  return (
    evidence.frames >= rule.minFrames && missing <= tolerance(rule.holdMs, knownBetween(state.since, now), observations)
  );
}

/** An incident that lasts is reported again at this interval, so that a crash loses little of its duration. */
const UPDATE_MS = 10_000;

export const CLEAR: IncidentState = {
  phase: 'clear',
  evidence: EMPTY,
  since: { at: 0, unknownMs: 0 },
  frames: 0,
  observations: 0,
  confidence: 0,
  unknownMs: 0,
  clearMs: 0,
  clearingMs: 0,
  intermittent: false,
  recurrent: false,
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
  clearMs: state.clearMs,
});

/** @param since when the condition began, if that is known to be before this observation */
export function observe(
  rule: IncidentRule,
  state: IncidentState,
  seen: boolean,
  now: Moment,
  confidence = 1,
  since = now,
): Observed {
  return seen ? observeSeen(rule, state, now, confidence, since) : observeClear(rule, state, now);
}

function observeSeen(
  rule: IncidentRule,
  state: IncidentState,
  now: Moment,
  confidence: number,
  since: Moment,
): Observed {
  const { at } = now;
  const first = state.phase === 'clear';
  const began = first ? { at: since.at, unknownMs: since.unknownMs } : state.since;
  const next: IncidentState = {
    ...state,
    phase: first ? 'pending' : state.phase,
    evidence: fill(rule, state.evidence, true, now, since),
    since: began,
    frames: state.frames + 1,
    observations: state.observations + 1,
    confidence: Math.max(state.confidence, confidence),
    unknownMs: now.unknownMs - began.unknownMs,
    clearMs: state.clears > 0 ? state.clearMs + state.clearingMs + sinceLast(state, now) : state.clearMs,
    clearingMs: 0,
    intermittent: first ? state.evidence.level > 0 : state.intermittent,
    clears: 0,
  };
  if (next.phase === 'pending') {
    const hasHeldOnce = isFull(rule, next, now);
    if (!hasHeldOnce && !isSlowFull(rule, next.evidence)) return { state: next, change: undefined };
    const open: IncidentState = { ...next, phase: 'open', recurrent: !hasHeldOnce, reportedAt: at };
    return { state: open, change: report('open', next, at) };
  }
  if (at - next.reportedAt < UPDATE_MS) return { state: next, change: undefined };
  return { state: { ...next, reportedAt: at }, change: report('update', next, at) };
}

const sinceLast = ({ evidence: { last } }: IncidentState, now: Moment): number => (last ? knownBetween(last, now) : 0);

function observeClear(rule: IncidentRule, state: IncidentState, now: Moment): Observed {
  if (state.phase === 'clear' && isEmpty(state.evidence)) return { state: CLEAR, change: undefined };
  const evidence = rule.forgets ? EMPTY : fill(rule, state.evidence, false, now, now);
  if (state.phase !== 'open')
    return { state: isEmpty(evidence) ? CLEAR : stillPending(state, evidence, now), change: undefined };
  const clears = state.clears + 1;
  const next: IncidentState = {
    ...state,
    evidence,
    observations: state.observations + 1,
    clears,
    clearingMs: state.clears > 0 ? state.clearingMs + sinceLast(state, now) : 0,
    // Unknown time before it is none of the incident's.
    clearSince: state.clears === 0 ? (now.unknownFrom ?? now.at) : state.clearSince,
  };
  if (clears < rule.clears || isComingBack(rule, state, evidence)) return { state: next, change: undefined };
  return {
    state: evidence.level === 0 ? CLEAR : { ...CLEAR, evidence: { ...evidence, slow: 0, frames: 0 } },
    change: report('close', next, next.clearSince),
  };
}

function isComingBack(rule: IncidentRule, { intermittent, recurrent }: IncidentState, evidence: Evidence): boolean {
  if (recurrent) return evidence.level > 0 || !isSlowSpent(rule, evidence);
  return intermittent && evidence.level > 0;
}

/** Clear, with evidence left: of a condition that is pending, or of the last incident. */
function stillPending(state: IncidentState, evidence: Evidence, now: Moment): IncidentState {
  if (state.phase === 'clear' || evidence.level === 0) return { ...CLEAR, evidence };
  return {
    ...state,
    evidence,
    observations: state.observations + 1,
    intermittent: true,
    clears: state.clears + 1,
    clearingMs: state.clears > 0 ? state.clearingMs + sinceLast(state, now) : 0,
  };
}

/**
 * Ends the incident without a clear observation: the camera or the connection is gone, or the session is over. Its
 * evidence stays, so that a client cannot rid itself of it by reconnecting.
 */
export function cutOff(rule: IncidentRule, state: IncidentState, at: number): Observed {
  const isOpen = state.phase === 'open';
  const evidence = rule.forgets
    ? EMPTY
    : cut(isOpen && !state.recurrent ? { ...state.evidence, slow: 0 } : state.evidence);
  const next = isEmpty(evidence) ? CLEAR : { ...CLEAR, evidence };
  if (!isOpen) return { state: next, change: undefined };
  return {
    state: next,
    change: report('close', state, state.clears > 0 ? state.clearSince : Math.max(at, state.since.at)),
  };
}

/** Observation begins again after so long, ms. */
export function afterGap(rule: IncidentRule, state: IncidentState, gapMs: number): IncidentState {
  if (state.phase === 'open') return state;
  const evidence = leakThrough(rule, state.evidence, gapMs);
  return isEmpty(evidence) ? CLEAR : { ...state, evidence };
}
