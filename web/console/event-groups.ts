import type { Event } from '../../protocol/events.ts';
import { isDecidable } from './review-state.ts';

/** Groups of a session's events, so that one decision covers what belongs together. */

/** A quiet stretch at least this long ends a burst, ms. */
export const BURST_GAP_MS = 120_000;

/** Events of one kind that follow each other closely, oldest first. */
export interface Burst {
  readonly key: string;
  readonly events: readonly Event[];
}

/** All events of one kind: the same type from the same source. */
export interface Group {
  readonly key: string;
  readonly events: readonly Event[];
  readonly bursts: readonly Burst[];
}

const startOf = ({ startedAt }: Event) => Date.parse(startedAt);
const endOf = (event: Event) =>
  event.endedAt === null ? startOf(event) + (event.durationMs ?? 0) : Date.parse(event.endedAt);

/** Pure: first and last moment of events, ms. */
export const spanOf = (events: readonly Event[]): { readonly from: number; readonly to: number } => ({
  from: Math.min(...events.map(startOf)),
  to: Math.max(...events.map(endOf)),
});

/**
 * Pure: groups by kind, in order of their first event; bursts of each, oldest first. Acts of staff are no incidents and
 * come last.
 */
export function groupEvents(events: readonly Event[]): readonly Group[] {
  const kinds = new Map<string, Event[]>();
  for (const event of events.toSorted((a, b) => startOf(a) - startOf(b) || a.seq - b.seq)) {
    const key = `${event.source} ${event.type}`;
    const kind = kinds.get(key);
    if (kind) kind.push(event);
    else kinds.set(key, [event]);
  }
  const groups = [...kinds].map(([key, all]) => ({ key, events: all, bursts: burstsOf(key, all) }));
  const isOfStaff = ({ events: [first] }: Group) => first !== undefined && !isDecidable(first);
  return [...groups.filter((group) => !isOfStaff(group)), ...groups.filter(isOfStaff)];
}

function burstsOf(kind: string, events: readonly Event[]): readonly Burst[] {
  const bursts: { key: string; events: Event[] }[] = [];
  let end = -Infinity;
  for (const event of events) {
    if (startOf(event) - end >= BURST_GAP_MS) bursts.push({ key: `${kind} ${event.id}`, events: [] });
    bursts.at(-1)!.events.push(event);
    end = Math.max(end, endOf(event));
  }
  return bursts;
}

/**
 * Pure: the events that a decision about these concerns: undecided ones, or all if all are decided. Acts of staff are
 * facts.
 * @param pending events whose decision is being sent: they count as decided
 */
export function decidedTogether(events: readonly Event[], pending: ReadonlySet<string>): readonly Event[] {
  const decidable = events.filter(isDecidable);
  const open = decidable.filter((event) => isOpen(event, pending));
  return open.length > 0 ? open : decidable.filter(({ id }) => !pending.has(id));
}

/** Pure: neither decided nor about to be. */
export const isOpen = (event: Event, pending: ReadonlySet<string>): boolean =>
  event.review === null && isDecidable(event) && !pending.has(event.id);
