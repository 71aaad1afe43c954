import type { SessionView } from '../../protocol/down.ts';
import type { Level } from '../../protocol/event-types.ts';

/** What of the wall is shown; an empty field asks for nothing. */
export interface Filter {
  /** Part of the name as it is shown. */
  readonly search: string;
  readonly level: Level | '';
  /** Type of an incident that lasts; `any` for one of whatever type. */
  readonly incident: string;
  readonly connection: Presence | '';
  /** A room or group, as it is written. */
  readonly room: string;
}

/** Where a session stands with its connection. */
export const PRESENCES = ['connected', 'away', 'paused', 'ended'] as const;
export type Presence = (typeof PRESENCES)[number];

export const NO_FILTER: Filter = { search: '', level: '', incident: '', connection: '', room: '' };

export const isFiltering = ({ search, level, incident, connection, room }: Filter): boolean =>
  Boolean(search.trim() || level || incident || connection || room);

export function presenceOf({ status, connected }: SessionView): Presence {
  if (status === 'ended' || status === 'paused') return status;
  return connected ? 'connected' : 'away';
}

/** Pure: the rooms that are there, as people order them: 2 before 10. */
export function roomsOf(sessions: Iterable<Pick<SessionView, 'room'>>): string[] {
  const rooms = new Set([...sessions].flatMap(({ room }) => room ?? []));
  return [...rooms].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

/** Pure. @param name as it is shown: a hidden name cannot be searched for */
export function matches(
  session: SessionView,
  name: string,
  { search, level, incident, connection, room }: Filter,
): boolean {
  if (room && session.room !== room) return false;
  if (level && session.level !== level) return false;
  if (incident && !(incident === 'any' ? session.open.length > 0 : session.open.includes(incident))) return false;
  if (connection && presenceOf(session) !== connection) return false;
  return name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());
}
