import { attentionOf } from './attention.tsx';
import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import { opensIncident } from '../../protocol/event-types.ts';
import type { Event } from '../../protocol/events.ts';

/** Sessions on the wall by id, built from the messages of its socket. */
export type Sessions = ReadonlyMap<string, SessionView>;

export interface Applied {
  readonly sessions: Sessions;
  readonly changed: ReadonlySet<string>;
  /** Known sessions whose attention has just become high. */
  readonly raised: readonly string[];
}

/**
 * Pure: the state after several messages, applied in order. All messages of one animation frame are applied together:
 * the map is copied once, and an unchanged session keeps its object, so that its tile does not render again.
 */
export function applyMessages(before: Sessions, messages: readonly ConsoleDown[]): Applied {
  const sessions = new Map(before);
  for (const message of messages) apply(sessions, message);
  const changed = new Set<string>();
  const raised: string[] = [];
  for (const [id, session] of sessions) {
    const was = before.get(id);
    if (was === session) continue;
    changed.add(id);
    if (was && !isHigh(was) && isHigh(session) && session.status !== 'ended') raised.push(id);
  }
  return { sessions, changed, raised };
}

const isHigh = (session: SessionView) => attentionOf(session).level === 'high';

function apply(sessions: Map<string, SessionView>, message: ConsoleDown): void {
  switch (message.type) {
    case 'snapshot': {
      const running = new Set(message.sessions.map(({ id }) => id));
      // A snapshot has running sessions only: those that ended while the console was disconnected stay as ended.
      for (const [id, session] of sessions) {
        if (!running.has(id) && session.status !== 'ended')
          sessions.set(id, { ...session, status: 'ended', connected: false, open: [] });
      }
      for (const session of message.sessions) sessions.set(session.id, session);
      return;
    }
    case 'session':
      // Reviews of ended sessions are sent too, and must not bring a removed session back.
      if (message.session.status === 'ended' && !sessions.has(message.session.id)) return;
      sessions.set(message.session.id, message.session);
      return;
    case 'risk': {
      const { score, rolling, level, attention } = message;
      return patch(sessions, message.session, (session) => ({ ...session, score, rolling, level, attention }));
    }
    case 'event': {
      const { event, offset } = message;
      return patch(sessions, event.sessionId, (session) => ({
        ...session,
        offset: Math.max(session.offset, offset),
        open: openAfter(session.open, event),
      }));
    }
  }
}

function patch(sessions: Map<string, SessionView>, id: string, change: (session: SessionView) => SessionView): void {
  const session = sessions.get(id);
  if (session) sessions.set(id, change(session));
}

/** Types of open incidents. Besides them, only what staff ask for starts without an end. */
export function openAfter(open: readonly string[], { type, endedAt }: Event): string[] {
  const others = open.filter((name) => name !== type);
  return endedAt === null && opensIncident(type) ? [...others, type] : others;
}

/** Session ids by start time: the order of the first seats. */
export const byBeginning = (sessions: Sessions): readonly string[] =>
  [...sessions.values()]
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id))
    .map(({ id }) => id);
