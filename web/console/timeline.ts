import type { Source } from '../../protocol/event-types.ts';
import type { Event } from '../../protocol/events.ts';

/** Layout of a session's timeline. */

/** ms. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

interface Bar {
  readonly event: Event;
  /** Shares of the range, 0..1; an instant has no width. */
  readonly left: number;
  readonly width: number;
}

export interface Lane {
  readonly type: string;
  readonly source: Source;
  readonly bars: readonly Bar[];
}

/** Pure: from the start to the actual or planned end, and at least until now for a running session. */
export function rangeOf(
  { startedAt, deadline, endedAt }: { startedAt: string; deadline: string | null; endedAt: string | null },
  now: number,
): Range {
  const from = Date.parse(startedAt);
  const to = endedAt ? Date.parse(endedAt) : Math.max(now, deadline ? Date.parse(deadline) : 0);
  return { from, to: Math.max(to, from + 60_000) };
}

/** Pure: one lane per type and source, heaviest first. Open events extend until now. */
export function lanesOf(events: readonly Event[], { from, to }: Range, now: number): readonly Lane[] {
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const lanes = new Map<string, { type: string; source: Source; bars: Bar[] }>();
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    const left = share(Date.parse(event.startedAt));
    const end = share(event.endedAt ? Date.parse(event.endedAt) : Math.min(now, to));
    const { type, source } = event;
    const lane = lanes.get(`${source} ${type}`) ?? { type, source, bars: [] };
    lane.bars.push({ event, left, width: Math.max(0, end - left) });
    lanes.set(`${source} ${type}`, lane);
  }
  const weight = (bars: readonly Bar[]) => bars.reduce((sum, { event }) => sum + event.weight, 0);
  return [...lanes.values()].sort((a, b) => weight(b.bars) - weight(a.bars) || (a.type < b.type ? -1 : 1));
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * 60_000);

/** Pure: at most eight round times of day for the scale. */
export function ticksOf({ from, to }: Range): readonly number[] {
  const step = STEPS.find((each) => (to - from) / each <= 8) ?? 480 * 60_000;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step);
}
