import type { Event } from '../../protocol/events.ts';

/**
 * Newest first by the server's number; an event that comes again replaces its former state (E2). At most `limit` are
 * kept.
 */
export function upsertEvent(events: readonly Event[], event: Event, limit = 500): readonly Event[] {
  const rest = events.filter(({ id }) => id !== event.id);
  const at = rest.findIndex(({ seq }) => seq < event.seq);
  return rest.toSpliced(at < 0 ? rest.length : at, 0, event).slice(0, limit);
}

/**
 * Adds what was read over HTTP. Of the same event the ended state is the later one: what is read need not be newer than
 * what the socket told.
 */
export function mergeRead(events: readonly Event[], read: readonly Event[]): readonly Event[] {
  const ended = new Set(events.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  return read.filter(({ id }) => !ended.has(id)).reduce((all, event) => upsertEvent(all, event), events);
}
