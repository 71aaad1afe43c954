/**
 * Finds pictures whose bytes came before. Of the last pictures all digests are kept; of older ones only those whose
 * digest says so, one in `SAMPLED`, so that a picture that comes again after minutes is found if it was kept, and none
 * needs more than its digest.
 *
 * A living camera never sends the same bytes twice. One picture that stands still is `FROZEN_VIDEO`, and tells nothing
 * here.
 */
const RECENT = 20;
const OLD = 32;
export const DIGESTS = RECENT + OLD;
const SAMPLED = 8;

export interface Repeats {
  /** `repeat` writes to them. The first `RECENT` digests are a ring of all, the rest one of samples. */
  readonly digests: Uint32Array;
  /** Their times, in `TICK_MS` modulo 2^16: 3.6 hours. */
  readonly times: Uint16Array;
  readonly count: number;
  readonly sampled: number;
  /** Time from a picture to its repetition, in the run of pictures that come again in their order, ms. */
  readonly lag: number;
  readonly run: number;
  readonly runSince: number;
  /** Evidence of pictures that come again in any order, ms. */
  readonly anyMs: number;
  readonly last: { readonly at: number; readonly repeated: boolean } | undefined;
}

/** Repetitions in their order, and for how long, ms. */
const RUN = { pictures: 3, ms: 12_000 } as const;
/** In any order, for example a handful of pictures that are shuffled. */
const ANY_MS = 45_000;
/** Lags that differ by less are the same, ms. */
const SAME_LAG_MS = 750;
const TICK_MS = 200;

/** @returns whether the picture is a repetition; undefined: it is not known, since too little is kept */
export function repeat(state: Repeats, digest: number, at: number): { state: Repeats; repeated: boolean | undefined } {
  const time = Math.round(at / TICK_MS) % 2 ** 16;
  const lags = lagsOf(state, digest, time);
  const isSample = digest % SAMPLED === 0;
  const next = { ...state, ...keep(state, digest, time, isSample) };
  if (lags.length === 0 && !isSample) return { state: next, repeated: undefined };
  const repeated = lags.length > 0;
  const elapsed = state.last ? Math.max(0, at - state.last.at) : 0;
  const gain = repeated ? (state.last?.repeated ? elapsed : 0) : -elapsed / 2;
  const anyMs = Math.max(0, Math.min(ANY_MS, state.anyMs + gain));
  const last = { at, repeated };
  if (!repeated) return { state: { ...next, anyMs, last, run: 0 }, repeated };
  const same = lags.find((lag) => state.run > 0 && Math.abs(lag - state.lag) <= SAME_LAG_MS);
  const run =
    same === undefined
      ? { lag: Math.min(...lags), run: 1, runSince: at }
      : { lag: same, run: state.run + 1, runSince: state.runSince };
  return { state: { ...next, ...run, anyMs, last }, repeated };
}

/** Whether pictures have come again for so long that no camera sends them. */
export const isRepetition = ({ run, runSince, anyMs, last }: Repeats): boolean =>
  last !== undefined && last.repeated && ((run >= RUN.pictures && last.at - runSince >= RUN.ms) || anyMs >= ANY_MS);

/** Times since this picture came before, ms. */
function lagsOf({ digests, times, count, sampled }: Repeats, digest: number, time: number): number[] {
  const lags: number[] = [];
  for (let i = digests.indexOf(digest); i >= 0; i = digests.indexOf(digest, i + 1))
    if (i < RECENT ? i < count : i - RECENT < sampled) lags.push(((time - times[i]!) & 0xffff) * TICK_MS);
  return lags;
}

function keep({ digests, times, count, sampled }: Repeats, digest: number, time: number, isSample: boolean) {
  const put = (index: number) => {
    digests[index] = digest;
    times[index] = time;
  };
  put(count % RECENT);
  if (isSample) put(RECENT + (sampled % OLD));
  return { count: count + 1, sampled: sampled + Number(isSample) };
}
