import type { Event } from '../../protocol/events.ts';
import type { Range } from './timeline.ts';

/** Columns of equal length. */
export interface RiskCurve {
  /** Seconds since 1970. */
  readonly at: readonly number[];
  readonly total: readonly number[];
  readonly rolling: readonly number[];
  /** The total excluding dismissed events. */
  readonly reviewed: readonly number[];
}

/** What staff flag counts in the reviewed score only (rule E12). */
const isFlag = ({ type, source }: Event) => type === 'PROCTOR_FLAG' && source === 'proctor';

const SAMPLES = 200;
const round = (value: number) => Math.round(value * 100) / 100;

/**
 * Pure: risk over time, computed from the events: each counts from its start with its stored weight. Ends now, or at
 * the end of the range.
 * @param halfLife seconds
 */
export function riskCurve(events: readonly Event[], { from, to }: Range, now: number, halfLife: number): RiskCurve {
  const until = Math.max(from, Math.min(now, to));
  const weighing = events
    .filter(({ weight }) => weight > 0)
    .map((event) => ({ at: Date.parse(event.startedAt), ...event }))
    .sort((a, b) => a.at - b.at);
  const steps = Array.from({ length: SAMPLES + 1 }, (_, i) => from + ((until - from) * i) / SAMPLES);
  // A sample on both sides of each step draws it vertical.
  const times = [...steps, ...weighing.flatMap(({ at }) => [at - 1, at])]
    .filter((at) => at >= from && at <= until)
    .sort((a, b) => a - b);
  const curve = { at: [] as number[], total: [] as number[], rolling: [] as number[], reviewed: [] as number[] };
  let [next, total, reviewed, rolling, last] = [0, 0, 0, 0, from];
  const decay = (at: number) => {
    rolling *= 2 ** (-(at - last) / (halfLife * 1000));
    last = at;
  };
  for (const time of times) {
    for (let event = weighing[next]; event && event.at <= time; event = weighing[++next]) {
      decay(Math.max(last, event.at));
      if (!isFlag(event)) {
        total += event.weight;
        rolling += event.weight;
      }
      if (event.review !== 'dismissed') reviewed += event.weight;
    }
    decay(time);
    curve.at.push(time / 1000);
    curve.total.push(round(total));
    curve.rolling.push(round(rolling));
    curve.reviewed.push(round(reviewed));
  }
  return curve;
}
