import type { Event } from '../../protocol/events.ts';
import { type Group, isOpen } from './event-groups.ts';

/** A line of the list of incidents: a kind, a burst of it, or one event. */
export interface IncidentRow {
  readonly key: string;
  /** 0: a kind; then its bursts, if it has several, and their events. */
  readonly level: 0 | 1 | 2;
  readonly events: readonly Event[];
  /** Whether rows for its parts can be shown. */
  readonly hasParts: boolean;
}

/**
 * Pure: the visible rows. A part that is all of its whole has no row of its own.
 * @param unfolded keys of rows whose parts are shown
 */
export function rowsOf(groups: readonly Group[], unfolded: ReadonlySet<string>): readonly IncidentRow[] {
  const rows: IncidentRow[] = [];
  const addEvents = (events: readonly Event[]) => {
    for (const event of events) rows.push({ key: event.id, level: 2, events: [event], hasParts: false });
  };
  for (const { key, events, bursts } of groups) {
    rows.push({ key, level: 0, events, hasParts: events.length > 1 });
    if (events.length === 1 || !unfolded.has(key)) continue;
    if (bursts.length === 1) addEvents(events);
    else
      for (const burst of bursts) {
        rows.push({ key: burst.key, level: 1, events: burst.events, hasParts: burst.events.length > 1 });
        if (burst.events.length > 1 && unfolded.has(burst.key)) addEvents(burst.events);
      }
  }
  return rows;
}

/** Pure: the next or previous row; at the ends, the row itself. */
export function neighbour(rows: readonly IncidentRow[], current: string | undefined, step: 1 | -1): string | undefined {
  const at = rows.findIndex(({ key }) => key === current);
  if (at < 0) return rows[0]?.key;
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.key;
}

/** Pure: the next row with something undecided, continuing from the start; else the current one. */
export function nextOpen(rows: readonly IncidentRow[], current: string, pending: ReadonlySet<string>): string {
  const at = rows.findIndex(({ key }) => key === current);
  const round = [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))];
  return round.find(({ events }) => events.some((event) => isOpen(event, pending)))?.key ?? current;
}

/** Pure: the row to show for an event: its own, that of its burst, or that of its kind. */
export const rowWith = (rows: readonly IncidentRow[], event: string): string | undefined =>
  rows.findLast(({ events }) => events.some(({ id }) => id === event))?.key;
