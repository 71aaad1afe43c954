import type { Event } from '../../protocol/events.ts';

/**
 * Adds an event, or replaces its earlier state (rule E2). Newest first by the server's sequence number, at most `limit`
 * events.
 */
export function upsertEvent(events: readonly Event[], event: Event, limit = 500): readonly Event[] {
  const rest = events.filter(({ id }) => id !== event.id);
  const at = rest.findIndex(({ seq }) => seq < event.seq);
  return rest.toSpliced(at < 0 ? rest.length : at, 0, event).slice(0, limit);
}

/**
 * Adds events read over HTTP. They can be older than those from the socket: an ended state is never replaced by an open
 * one.
 */
export function mergeRead(events: readonly Event[], read: readonly Event[]): readonly Event[] {
  const ended = new Set(events.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  return read.filter(({ id }) => !ended.has(id)).reduce((all, event) => upsertEvent(all, event), events);
}
