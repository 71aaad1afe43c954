import { agesOf, DENSE, difference, FIELD, ring, SPARSE, type Trail } from './trail.ts';

/**
 * Finds a video that goes round: at the lag of its length, poses and places of the head are those of before, and at
 * shorter lags they are not. The measure is the structure function of the series, which is the autocorrelation turned
 * over and needs no mean: slow movements raise it with the lag, only a return lowers it again. It is taken of all fields
 * and of the head's direction alone, which neither a crop that moves nor a picture that is turned changes.
 *
 * The samples need not hit the loop's frames: they are compared with what lies between two samples, too.
 */
const SHORT = { from: 2, to: 20, step: 0.5, pairs: 12, turns: 1.6 } as const;
const LONG = { from: 20, to: 600, step: 0.5, pairs: 4 } as const;
/** Least ratio of a return: mean square difference at the lag against the largest at shorter ones. */
const RETURN = { short: 0.12, long: 0.05 } as const;
/** The direction alone, two fields, is more often the same by chance: its ratio must be lower by this factor. */
const DIRECTION_ALONE = 0.6;
/** Fields that a movement shows in; the direction of the head first. */
const MOVING = [FIELD.yaw, FIELD.pitch, FIELD.roll, FIELD.x, FIELD.y, FIELD.size] as const;
const FIELDS = MOVING.length;
const DIRECTION = 2;
/** Movement below which nothing can be told: mean square difference over these fields, in units of the trail. */
const MIN_MOVEMENT = { all: 100, direction: 60 } as const;
/** Differences beyond this count as this much, so that one glance aside does not stand for the whole. */
const MAX_DIFFERENCE = 20;
/** Between samples that are so many times as far apart as usual, as around a gap, nothing is known. */
const MAX_INTERVALS = 1.8;

/** Scans of the series so far that found a loop. */
export interface Loops {
  /** Consecutive scans for short loops that found one. */
  readonly short: number;
  /** The same for long ones, at the same lag. */
  readonly long: number;
  /** Of the last long loop found, s. */
  readonly lag: number;
}

/** Samples between two scans. */
const EVERY = { short: 6, long: 11 } as const;
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
  const least = kind === 'dense' ? RETURN.short : RETURN.long;
  const age = older.ages[0] ?? 0;
  const longest = Math.min(to, kind === 'dense' ? age / SHORT.turns : age);
  const largest = { all: 0, direction: 0 };
  const best = { lag: Number.POSITIVE_INFINITY, ratio: 1 };
  const found: AtLag = { all: 0, direction: 0, pairs: 0 };
  const search: Search = { found, reach: { first: older.ages.length, end: older.ages.length } };
  indexAges(series);
  // Shorter lags than can be a loop show how much the head moves.
  for (let lag = kind === 'dense' ? 1 : from - 10; lag <= longest; lag += step) {
    // Once it is known how much the head moves, most long lags are given up at their first pairs.
    const isKnown = kind === 'sparse' && lag > from * 2;
    const limit = isKnown ? least : Number.POSITIVE_INFINITY;
    // A loop returns at the multiples of its length, too.
    if (lag > best.lag + SAME_LAG) break;
    atLag(search, older, series, lag, limit * largest.all, limit * largest.direction);
    if (found.pairs < pairs) continue;
    if (lag >= from) {
      const all = largest.all >= MIN_MOVEMENT.all ? found.all / largest.all : 1;
      const direction = largest.direction >= MIN_MOVEMENT.direction ? found.direction / largest.direction : 1;
      const ratio = Math.min(all, direction / DIRECTION_ALONE) / least;
      if (ratio < best.ratio) Object.assign(best, { lag, ratio });
    }
    largest.all = Math.max(largest.all, found.all);
    largest.direction = Math.max(largest.direction, found.direction);
  }
  return best.ratio < 1 ? best.lag : undefined;
}

interface Series {
  readonly ages: readonly number[];
  /** Fields of each sample, one after the other. */
  readonly values: Uint8Array;
}

/** For one scan at a time. */
const VALUES = { dense: new Uint8Array(DENSE.samples * FIELDS), sparse: new Uint8Array(SPARSE.samples * FIELDS) };

function seriesOf(trail: Trail, kind: 'dense' | 'sparse' = 'dense'): Series {
  const samples = ring(trail, kind);
  const values = VALUES[kind];
  for (let i = 0; i < samples.length; i++)
    for (let f = 0; f < FIELDS; f++) values[i * FIELDS + f] = trail.bytes[samples.start(i) + MOVING[f]!]!;
  return { ages: agesOf(trail, kind), values };
}

function sparseSeriesOf(trail: Trail): Series {
  const { ages, values } = seriesOf(trail, 'sparse');
  const behind = (trail.at - trail.sparseAt) / 1000;
  return { ages: ages.map((age) => age + behind), values };
}

/** Mean square differences over all fields and over the direction, and how many pairs they are of. */
interface AtLag {
  all: number;
  direction: number;
  pairs: number;
}

interface Search {
  readonly found: AtLag;
  /** Samples that are compared at the present lag: from the first to before the end. */
  readonly reach: { first: number; end: number };
}

/** Compares samples of `before` with what `now` shows that many seconds later. @param most more is not of interest */
function atLag(
  { found, reach }: Search,
  before: Series,
  now: Series,
  lag: number,
  most: number,
  mostDirection: number,
): void {
  let all = 0;
  let direction = 0;
  let pairs = 0;
  found.pairs = 0;
  // The longer the lag, the older the samples that are compared.
  while (reach.first > 0 && before.ages[reach.first - 1]! <= lag + (now.ages[0] ?? 0)) reach.first -= 1;
  while (reach.end > 0 && before.ages[reach.end - 1]! <= lag) reach.end -= 1;
  const { first, end } = reach;
  const count = end - first;
  const maxInterval = (MAX_INTERVALS * (now.ages[0] ?? 0)) / (now.ages.length - 1);
  for (let i = first; i < before.ages.length; i++) {
    const age = before.ages[i]! - lag;
    if (age < 0) break;
    const next = nextAt[Math.floor(age * TENTHS + ROUNDING)]!;
    if (next >= now.ages.length) break;
    if (now.ages[next - 1]! - now.ages[next]! > maxInterval) continue;
    compare(before.values, i, now, next, age);
    all += compared.all;
    direction += compared.direction;
    pairs += 1;
    if (all > most * count && direction > mostDirection * count) return;
  }
  if (pairs === 0) return;
  found.all = all / pairs;
  found.direction = direction / pairs;
  found.pairs = pairs;
}

/** Ages are tenths of seconds. */
const TENTHS = 10;
/** Of sums of tenths. */
const ROUNDING = 1e-6;
/** For each age within the series in tenths: the first sample, but for the oldest, that is not older. For one search. */
let nextAt = new Uint8Array(512);

function indexAges({ ages }: Series): void {
  const oldest = Math.round((ages[0] ?? 0) * TENTHS);
  if (oldest >= nextAt.length) nextAt = new Uint8Array(oldest + 1);
  const last = ages.length - 1;
  for (let i = Math.min(1, last), from = oldest; i <= last; i++) {
    const to = Math.round(ages[i]! * TENTHS);
    nextAt.fill(i, to, from + 1);
    from = to - 1;
  }
}

/** Square of each signed difference modulo 256, bounded. */
const SQUARES = Uint16Array.from(
  { length: 256 },
  (_, byte) => Math.min(MAX_DIFFERENCE, Math.abs(difference(byte, 0))) ** 2,
);

const compared = { all: 0, direction: 0 };

/** Square differences of a sample from the nearer of two samples around a time, or from the line between them. */
function compare(values: Uint8Array, sample: number, now: Series, next: number, age: number): void {
  const from = now.ages[next - 1]!;
  const to = now.ages[next]!;
  // Of 256.
  const share = from === to ? 0 : Math.round((256 * (from - age)) / (from - to));
  const { values: shownBy } = now;
  const nearer = (share < 128 ? next - 1 : next) * FIELDS;
  let shown = 0;
  let between = 0;
  for (let f = 0, a = (next - 1) * FIELDS, b = next * FIELDS; f < FIELDS; f++, a++, b++) {
    if (f === DIRECTION) compared.direction = Math.min(shown, between);
    const value = values[sample * FIELDS + f]!;
    const earlier = shownBy[a]!;
    shown += SQUARES[(shownBy[nearer + f]! - value) & 255]!;
    // The signed difference of both, and of that the share, rounded: the units are fine enough.
    const step = ((shownBy[b]! - earlier) << 24) >> 24;
    between += SQUARES[(earlier - value + ((step * share + 128) >> 8)) & 255]!;
  }
  compared.all = Math.min(shown, between);
}
