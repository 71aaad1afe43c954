import { knownBetween, type Moment } from './moment.ts';

/**
 * A leaky bucket of what speaks for a condition: the time with it, less half of the time without it, from 0 to the hold.
 * A condition that holds for more than a third of the time fills it, one that holds for less never does, however the
 * two alternate. The flow is Turner's leaky bucket ("New directions in communications", IEEE Communications Magazine
 * 24(10), 1986) with the hold as its depth.
 */
export interface Evidence {
  /** Milliseconds, or observations for a rule without a hold. */
  readonly level: number;
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
}

/** Rate of the leak, as a share of the rate at which a condition fills the bucket. */
export const LEAK = 0.5;

export const EMPTY: Evidence = { level: 0, last: undefined, lastSeen: false };

/** Depth of the bucket. */
export const depthOf = ({ holdMs, minFrames }: Hold): number => (holdMs > 0 ? holdMs : minFrames);

/**
 * Takes one observation. Each speaks for half the interval to each side of it.
 * @param since when the condition is known to have begun, if it was not seen before
 */
export function fill(
  rule: Hold,
  { level, last, lastSeen }: Evidence,
  seen: boolean,
  now: Moment,
  since: Moment,
): Evidence {
  const flow = rule.holdMs > 0 ? timeFlow(level, last, lastSeen, seen, now, since) : seen ? 1 : -LEAK;
  return { level: Math.max(0, Math.min(depthOf(rule), level + flow)), last: now, lastSeen: seen };
}

function timeFlow(
  level: number,
  last: Moment | undefined,
  lastSeen: boolean,
  seen: boolean,
  now: Moment,
  since: Moment,
): number {
  if (seen && !lastSeen && since !== now) return knownBetween(since, now);
  // The time before the first observation of a condition is not its own.
  if (!last || (seen && level === 0 && !lastSeen)) return 0;
  const share = (Number(lastSeen) + Number(seen)) / 2;
  return knownBetween(last, now) * (share - (1 - share) * LEAK);
}
