import { Grid } from './grid.ts';
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

/**
 * Scans when it is time to. Undefined: nothing was scanned.
 * @param ages of the dense samples, s
 */
export function scan(trail: Trail, ages: readonly number[], loops: Loops): Loops | undefined {
  const isShort = trail.count % EVERY.short === 0;
  const isLong = trail.count % EVERY.long === 1;
  if (!isShort && !isLong) return undefined;
  const series = seriesOf(trail, 'dense', ages);
  grid.lay(series);
  const short = isShort ? (loopOf(series, series, 'dense') === undefined ? 0 : loops.short + 1) : loops.short;
  if (!isLong) return { ...loops, short };
  const lag = loopOf(sparseSeriesOf(trail), series, 'sparse');
  if (lag === undefined) return { short, long: 0, lag: 0 };
  return { short, long: Math.abs(lag - loops.lag) <= SAME_LAG ? loops.long + 1 : 1, lag };
}

/** Seconds after which the pictures of the last time came before; undefined if they did not. */
function loopOf(older: Series, series: Series, kind: 'dense' | 'sparse'): number | undefined {
  const { from, to, step, pairs } = kind === 'dense' ? SHORT : LONG;
  const least = kind === 'dense' ? RETURN.short : RETURN.long;
  const age = older.ages[0] ?? 0;
  const longest = Math.min(to, kind === 'dense' ? age / SHORT.turns : age);
  const largest = { all: 0, direction: 0 };
  const best = { lag: Number.POSITIVE_INFINITY, ratio: 1 };
  const found: AtLag = { all: 0, direction: 0, pairs: 0 };
  const search: Search = { found, reach: { first: older.ages.length, end: older.ages.length } };
  // Shorter lags than can be a loop show how much the head moves.
  for (let lag = kind === 'dense' ? 1 : from - 10; lag <= longest; lag += step) {
    // Once it is known how much the head moves, most long lags are given up at their first pairs.
    const isKnown = kind === 'sparse' && lag > from * 2;
    const limit = isKnown ? least : Number.POSITIVE_INFINITY;
    // A loop returns at the multiples of its length, too.
    if (lag > best.lag + SAME_LAG) break;
    atLag(search, older, series.ages[0] ?? 0, lag, limit * largest.all, limit * largest.direction);
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

function seriesOf(trail: Trail, kind: 'dense' | 'sparse', ages: readonly number[]): Series {
  const samples = ring(trail, kind);
  const values = VALUES[kind];
  for (let i = 0; i < samples.length; i++) {
    const start = samples.start(i);
    for (let f = 0; f < FIELDS; f++) values[i * FIELDS + f] = trail.bytes[start + MOVING[f]!]!;
  }
  return { ages, values };
}

function sparseSeriesOf(trail: Trail): Series {
  const behind = (trail.at - trail.sparseAt) / 1000;
  const ages = agesOf(trail, 'sparse').map((age) => age + behind);
  return seriesOf(trail, 'sparse', ages);
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

/**
 * Compares samples of `before` with what the grid shows that many seconds later.
 * @param oldest age of the grid's oldest, s
 * @param most more is not of interest
 */
function atLag(
  { found, reach }: Search,
  before: Series,
  oldest: number,
  lag: number,
  most: number,
  mostDirection: number,
): void {
  let all = 0;
  let direction = 0;
  let pairs = 0;
  found.pairs = 0;
  // The longer the lag, the older the samples that are compared.
  while (reach.first > 0 && before.ages[reach.first - 1]! <= lag + oldest) reach.first -= 1;
  while (reach.end > 0 && before.ages[reach.end - 1]! <= lag) reach.end -= 1;
  const { first, end } = reach;
  const count = end - first;
  for (let i = first; i < before.ages.length; i++) {
    const age = before.ages[i]! - lag;
    if (age < 0) break;
    const row = grid.rowAt(age);
    if (row < 0) continue;
    compare(before.values, i * FIELDS, row);
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

/** Square of each signed difference modulo 256, bounded. */
const SQUARES = Uint16Array.from(
  { length: 256 },
  (_, byte) => Math.min(MAX_DIFFERENCE, Math.abs(difference(byte, 0))) ** 2,
);

/** For one scan at a time. */
const grid = new Grid(FIELDS);
const compared = { all: 0, direction: 0 };

/** Square differences of a sample from the nearer of two samples around a time, or from the line between them. */
function compare(values: Uint8Array, sample: number, row: number): void {
  const { nearest, between } = grid;
  let shown = 0;
  let line = 0;
  for (let f = 0; f < FIELDS; f++) {
    if (f === DIRECTION) compared.direction = Math.min(shown, line);
    const value = values[sample + f]!;
    shown += SQUARES[(nearest[row + f]! - value) & 255]!;
    line += SQUARES[(between[row + f]! - value) & 255]!;
  }
  compared.all = Math.min(shown, line);
}
