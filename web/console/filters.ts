import type { SessionView } from '../../protocol/down.ts';
import type { Team } from '../../protocol/team.ts';
import type { AttentionLevel } from '../../protocol/attention.ts';
import { attentionOf } from './attention.tsx';

/** Filter of the wall; an empty field does not filter. */
export interface Filter {
  /** Part of the displayed name. */
  readonly search: string;
  /** Of attention. */
  readonly level: AttentionLevel | '';
  /** Type of an open incident; `any` for any type. */
  readonly incident: string;
  readonly connection: Presence | '';
  /** Exact name of a room or group. */
  readonly room: string;
  /** Who looks after the session. */
  readonly claim: ClaimFilter | '';
  /** Of the conversation. */
  readonly talk: '' | (typeof TALKS)[number];
}

export const CLAIM_FILTERS = ['mine', 'others', 'nobody'] as const;
export type ClaimFilter = (typeof CLAIM_FILTERS)[number];

/** What of the student waits for an answer. */
export const TALKS = ['hand', 'unread', 'any'] as const;

/** Connection state of a session. */
export const PRESENCES = ['connected', 'away', 'paused', 'ended'] as const;
export type Presence = (typeof PRESENCES)[number];

export const NO_FILTER: Filter = { search: '', level: '', incident: '', connection: '', room: '', claim: '', talk: '' };

export const isFiltering = ({ search, level, incident, connection, room, claim, talk }: Filter): boolean =>
  Boolean(search.trim() || level || incident || connection || room || claim || talk);

export function presenceOf({ status, connected }: SessionView): Presence {
  if (status === 'ended' || status === 'paused') return status;
  return connected ? 'connected' : 'away';
}

/** Pure: who looks after a session, as the person sees it. */
export const holderOf = (team: Team | undefined, person: string): ClaimFilter =>
  !team?.claim ? 'nobody' : team.claim.by.id === person ? 'mine' : 'others';

/** Whether the student waits for staff. */
export function waitsFor({ status, conversation }: SessionView, what: (typeof TALKS)[number]): boolean {
  if (status === 'ended' || !conversation) return false;
  const [hand, unread] = [conversation.hand !== null, conversation.unread > 0];
  return what === 'any' ? hand || unread : what === 'hand' ? hand : unread;
}

/** Pure: rooms of the sessions in natural order: 2 before 10. */
export function roomsOf(sessions: Iterable<Pick<SessionView, 'room'>>): string[] {
  const rooms = new Set([...sessions].flatMap(({ room }) => room ?? []));
  return [...rooms].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

/** Pure. @param name as displayed: a hidden name cannot be searched. @param holder who looks after it */
export function matches(
  session: SessionView,
  name: string,
  { search, level, incident, connection, room, claim, talk }: Filter,
  holder: ClaimFilter = 'nobody',
): boolean {
  if (claim && holder !== claim) return false;
  if (room && session.room !== room) return false;
  if (level && attentionOf(session).level !== level) return false;
  if (incident && !(incident === 'any' ? session.open.length > 0 : session.open.includes(incident))) return false;
  if (connection && presenceOf(session) !== connection) return false;
  if (talk && !waitsFor(session, talk)) return false;
  return name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());
}
