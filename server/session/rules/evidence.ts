import { knownBetween, type Moment } from './moment.ts';

/**
 * Leaky buckets of what speaks for a condition: the time with it, less a share of the time without it, from 0 to the
 * hold. A condition that holds for more than a third of the time fills the first bucket, one that holds for less never
 * does, however the two alternate. A second one, larger and with a smaller leak, is for conditions that come back for
 * minutes. The flow is Turner's leaky bucket ("New directions in communications", IEEE Communications Magazine 24(10),
 * 1986) with the hold as its depth.
 *
 * Evidence outlives a lost connection: the time of a gap counts as time without the condition, and no more than that.
 */
export interface Evidence {
  /** Milliseconds, or observations for a rule without a hold. */
  readonly level: number;
  /** The same in the second bucket, for a rule that has one. */
  readonly slow: number;
  /** Observations with the condition since the first bucket was empty, or since the last incident. */
  readonly frames: number;
  /** The observation before; undefined when there is none to reckon from. */
  readonly last: Moment | undefined;
  readonly lastSeen: boolean;
}

/** Amount of evidence that opens an incident. */
export interface Hold {
  /** Time with the condition, ms. */
  readonly holdMs: number;
  /** Observations with it at least; without a hold, its evidence is counted in them. */
  readonly minFrames: number;
  readonly slow?: SlowHold;
}

export interface SlowHold {
  readonly holdMs: number;
  /** As `LEAK`. */
  readonly leak: number;
}

/** Depth of the second bucket, in its holds: what leaks until the condition comes back must not keep it from being full. */
const SLOW_DEPTH = 1.25;

/** Rate of the leak, as a share of the rate at which a condition fills the bucket. */
export const LEAK = 0.5;

export const EMPTY: Evidence = { level: 0, slow: 0, frames: 0, last: undefined, lastSeen: false };

/** Depth of the first bucket. */
export const depthOf = ({ holdMs, minFrames }: Hold): number => (holdMs > 0 ? holdMs : minFrames);

/** The second bucket is full: the condition has come back for minutes. */
export const isSlowFull = ({ slow }: Hold, evidence: Evidence): boolean =>
  slow !== undefined && evidence.slow >= slow.holdMs;

/** Half of the second bucket is used up: the condition no longer comes back. */
export const isSlowSpent = ({ slow }: Hold, evidence: Evidence): boolean =>
  slow === undefined || evidence.slow < slow.holdMs / 2;

export const isEmpty = ({ level, slow }: Evidence): boolean => level === 0 && slow === 0;

const within = (level: number, depth: number): number => Math.max(0, Math.min(depth, level));

/**
 * Takes one observation. For the first bucket each speaks for half the interval to each side of it; for the second one
 * for the interval behind it, so that a single observation counts, too.
 * @param since when the condition is known to have begun, if it was not seen before
 */
export function fill(rule: Hold, evidence: Evidence, seen: boolean, now: Moment, since: Moment): Evidence {
  const { slow } = rule;
  const more = rule.holdMs > 0 ? timeFlow(evidence, seen, now, since) : seen ? 1 : -LEAK;
  const level = within(evidence.level + more, depthOf(rule));
  return {
    level,
    slow: slow ? within(evidence.slow + slowFlow(slow, evidence, now), SLOW_DEPTH * slow.holdMs) : 0,
    frames: seen ? evidence.frames + 1 : level === 0 ? 0 : evidence.frames,
    last: now,
    lastSeen: seen,
  };
}

function timeFlow({ level, last, lastSeen }: Evidence, seen: boolean, now: Moment, since: Moment): number {
  if (seen && !lastSeen && since !== now) return knownBetween(since, now);
  // The time before the first observation of a condition is not its own.
  if (!last || (seen && level === 0 && !lastSeen)) return 0;
  const share = (Number(lastSeen) + Number(seen)) / 2;
  return knownBetween(last, now) * (share - (1 - share) * LEAK);
}

const slowFlow = ({ leak }: SlowHold, { last, lastSeen }: Evidence, now: Moment): number =>
  last ? knownBetween(last, now) * (lastSeen ? 1 : -leak) : 0;

/** Nothing is observed from here on: there is nothing to reckon from afterwards. */
export const cut = (evidence: Evidence): Evidence =>
  isEmpty(evidence) ? EMPTY : { ...evidence, last: undefined, lastSeen: false };

/** Nothing was observed for so long, ms: it counts as time without the condition. Observations leak by the second. */
export function leakThrough(rule: Hold, evidence: Evidence, gapMs: number): Evidence {
  if (isEmpty(evidence)) return EMPTY;
  const level = Math.max(0, evidence.level - LEAK * (rule.holdMs > 0 ? gapMs : gapMs / 1000));
  const slow = Math.max(0, evidence.slow - (rule.slow?.leak ?? LEAK) * gapMs);
  const left = { ...cut(evidence), level, slow, frames: level === 0 ? 0 : evidence.frames };
  return isEmpty(left) ? EMPTY : left;
}
