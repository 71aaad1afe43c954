import { agesOf, difference, MOVING, ring, type Trail } from './trail.ts';

/**
 * Finds a video that goes round: at the lag of its length, poses and places of the head are those of before, and at
 * shorter lags they are not. The measure is the structure function of the series, which is the autocorrelation turned
 * over and needs no mean: slow movements raise it with the lag, only a return lowers it again.
 *
 * The samples need not hit the loop's frames: they are compared with what lies between two samples, too.
 */
const SHORT = { from: 2, to: 20, step: 0.5, pairs: 12, turns: 1.6 } as const;
const LONG = { from: 20, to: 600, step: 1, pairs: 4 } as const;
/** Least ratio of a return: mean square difference at the lag against the largest at shorter ones. */
const RETURN = { short: 0.12, long: 0.05 } as const;
/** Movement below which nothing can be told: mean square difference over all fields, in units of the trail. */
const MIN_MOVEMENT = 100;
/** Differences beyond this count as this much, so that one glance aside does not stand for the whole. */
const MAX_DIFFERENCE = 20;
/** Between samples further apart, as around a gap, nothing is known, s. */
const MAX_INTERVAL = 4;

/** Scans of the series so far that found a loop. */
export interface Loops {
  /** Consecutive scans for short loops that found one. */
  readonly short: number;
  /** The same for long ones, at the same lag. */
  readonly long: number;
  /** Of the last long loop found, s. */
  readonly lag: number;
}

export const NO_LOOPS: Loops = { short: 0, long: 0, lag: 0 };

/** Samples between two scans. */
const EVERY = { short: 4, long: 11 } as const;
/** Scans that must agree: a person may return to a posture once. */
const AGREE = { short: 2, long: 4 } as const;
/** Lags of a loop that differ by less are the same, s. */
const SAME_LAG = 2.5;

/** @param before whether it was one: then a scan that agrees is enough */
export const isLoop = ({ short, long }: Loops, before: boolean): boolean =>
  before ? short > 0 || long > 0 : short >= AGREE.short || long >= AGREE.long;

/** Scans when it is time to. Undefined: nothing was scanned. */
export function scan(trail: Trail, loops: Loops): Loops | undefined {
  const isShort = trail.count % EVERY.short === 0;
  const isLong = trail.count % EVERY.long === 1;
  if (!isShort && !isLong) return undefined;
  const short = isShort ? (loopOf(trail, 'dense') === undefined ? 0 : loops.short + 1) : loops.short;
  if (!isLong) return { ...loops, short };
  const lag = loopOf(trail, 'sparse');
  if (lag === undefined) return { short, long: 0, lag: 0 };
  return { short, long: Math.abs(lag - loops.lag) <= SAME_LAG ? loops.long + 1 : 1, lag };
}

/** Seconds after which the pictures of the last time came before; undefined if they did not. */
function loopOf(trail: Trail, kind: 'dense' | 'sparse'): number | undefined {
  const series = seriesOf(trail);
  const older = kind === 'dense' ? series : sparseSeriesOf(trail);
  const { from, to, step, pairs } = kind === 'dense' ? SHORT : LONG;
  const age = older.ages[0] ?? 0;
  const longest = Math.min(to, kind === 'dense' ? age / SHORT.turns : age);
  let largest = 0;
  let best: { readonly lag: number; readonly ratio: number } | undefined;
  // Shorter lags than can be a loop show how much the head moves.
  for (let lag = kind === 'dense' ? 1 : from - 10; lag <= longest; lag += step) {
    // Once it is known how much the head moves, most long lags are given up at their first pairs.
    const limit = kind === 'sparse' && lag > from * 2 ? largest * RETURN.long : Number.POSITIVE_INFINITY;
    const found = atLag(older, series, lag, limit);
    if (found.pairs < pairs) continue;
    if (lag >= from && largest >= MIN_MOVEMENT) {
      const ratio = found.mean / largest;
      if (ratio < (best?.ratio ?? (kind === 'dense' ? RETURN.short : RETURN.long))) best = { lag, ratio };
    }
    largest = Math.max(largest, found.mean);
  }
  return best?.lag;
}

interface Series {
  readonly ages: Float64Array;
  /** Fields of each sample, one after the other. */
  readonly values: Uint8Array;
}

const FIELDS = MOVING.length;

function seriesOf(trail: Trail, kind: 'dense' | 'sparse' = 'dense'): Series {
  const samples = ring(trail, kind);
  const values = new Uint8Array(samples.length * FIELDS);
  for (let i = 0; i < samples.length; i++)
    for (let f = 0; f < FIELDS; f++) values[i * FIELDS + f] = trail.bytes[samples.start(i) + MOVING[f]!]!;
  return { ages: agesOf(trail, kind), values };
}

function sparseSeriesOf(trail: Trail): Series {
  const { ages, values } = seriesOf(trail, 'sparse');
  const behind = (trail.at - trail.sparseAt) / 1000;
  return { ages: ages.map((age) => age + behind), values };
}

const NO_PAIRS = { mean: 0, pairs: 0 } as const;

/** Mean square difference between samples of `before` and what `now` shows that many seconds later. @param limit more is not of interest */
function atLag(
  before: Series,
  now: Series,
  lag: number,
  limit: number,
): { readonly mean: number; readonly pairs: number } {
  let sum = 0;
  let pairs = 0;
  let next = 1;
  const first = firstWithin(before.ages, lag + (now.ages[0] ?? 0));
  const most = firstWithin(before.ages, lag) - first;
  for (let i = first; i < before.ages.length; i++) {
    const age = before.ages[i]! - lag;
    if (age < 0) break;
    while (next < now.ages.length - 1 && now.ages[next]! > age) next += 1;
    if (next >= now.ages.length) break;
    if (now.ages[next - 1]! - now.ages[next]! > MAX_INTERVAL) continue;
    sum += nearest(before.values, i, now, next, age);
    pairs += 1;
    if (sum > limit * most) return NO_PAIRS;
  }
  return { mean: pairs === 0 ? 0 : sum / pairs, pairs };
}

/** Index of the oldest sample that is not older than this many seconds. */
function firstWithin(ages: Float64Array, age: number): number {
  let low = 0;
  let high = ages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ages[middle]! > age) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Square of each signed difference modulo 256, bounded. */
const SQUARES = Uint16Array.from(
  { length: 256 },
  (_, byte) => Math.min(MAX_DIFFERENCE, Math.abs(difference(byte, 0))) ** 2,
);

/** Square difference of a sample from the nearer of two samples around a time, or from the line between them. */
function nearest(values: Uint8Array, sample: number, now: Series, next: number, age: number): number {
  const from = now.ages[next - 1]!;
  const to = now.ages[next]!;
  const share = from === to ? 0 : (from - age) / (from - to);
  const nearer = (share < 0.5 ? next - 1 : next) * FIELDS;
  let shown = 0;
  let between = 0;
  for (let f = 0, a = (next - 1) * FIELDS, b = next * FIELDS; f < FIELDS; f++, a++, b++) {
    const value = values[sample * FIELDS + f]!;
    const earlier = now.values[a]! - value;
    shown += SQUARES[(now.values[nearer + f]! - value) & 255]!;
    // Rounded: the units are fine enough.
    between += SQUARES[(earlier + Math.round(difference(now.values[b]!, now.values[a]!) * share)) & 255]!;
  }
  return Math.min(shown, between);
}
