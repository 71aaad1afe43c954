import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';

/** What the wall shows, as the messages of its socket built it up. */
export type Sessions = ReadonlyMap<string, SessionView>;

export interface Applied {
  readonly sessions: Sessions;
  /** Sessions whose state is another one now. */
  readonly changed: ReadonlySet<string>;
  /** Those that were known and are at the level High only now. */
  readonly raised: readonly string[];
}

/**
 * Pure: the state after some messages, in their order. What arrives between two pictures of the screen is applied in
 * one go: the map is copied once, and a session that nothing changes keeps its object, so that its tile is not drawn
 * again.
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
    if (was && was.level !== 'High' && session.level === 'High' && session.status !== 'ended') raised.push(id);
  }
  return { sessions, changed, raised };
}

function apply(sessions: Map<string, SessionView>, message: ConsoleDown): void {
  switch (message.type) {
    case 'snapshot': {
      const running = new Set(message.sessions.map(({ id }) => id));
      // A snapshot has those that run: what ended while the console was away keeps its place and is seen to be over.
      for (const [id, session] of sessions) {
        if (!running.has(id) && session.status !== 'ended')
          sessions.set(id, { ...session, status: 'ended', connected: false, open: [] });
      }
      for (const session of message.sessions) sessions.set(session.id, session);
      return;
    }
    case 'session':
      // A review of one that is over is told, too: nobody who was dismissed comes back for that.
      if (message.session.status === 'ended' && !sessions.has(message.session.id)) return;
      sessions.set(message.session.id, message.session);
      return;
    case 'risk': {
      const { score, rolling, level } = message;
      return patch(sessions, message.session, (session) => ({ ...session, score, rolling, level }));
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

/** Those that may be incidents: they begin without an end. */
function openAfter(open: readonly string[], { type, endedAt }: Event): string[] {
  const others = open.filter((name) => name !== type);
  return endedAt === null ? [...others, type] : others;
}

/** By beginning: the order in which sessions that were there already take their seats. */
export const byBeginning = (sessions: Sessions): readonly string[] =>
  [...sessions.values()]
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id))
    .map(({ id }) => id);
