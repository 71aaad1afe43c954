import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { mergeRead, upsertEvent } from '../shared/upsert-event.ts';

/** What the console knows, as the messages of its socket built it up. */
export interface WallState {
  readonly sessions: ReadonlyMap<string, SessionView>;
  /** Events of the one session that is looked at closely, newest first. */
  readonly selected: string | undefined;
  readonly events: readonly Event[];
}

export const EMPTY_WALL: WallState = { sessions: new Map(), selected: undefined, events: [] };

/** Pure: the state after a message. A session that nothing changes keeps its object, so that its tile is not drawn again. */
export function applyMessage(state: WallState, message: ConsoleDown): WallState {
  switch (message.type) {
    case 'snapshot':
      return { ...state, sessions: new Map(message.sessions.map((session) => [session.id, session])) };
    case 'session':
      return patch(state, message.session.id, () => message.session);
    case 'risk': {
      const { score, rolling, level } = message;
      return patch(state, message.session, (session) => session && { ...session, score, rolling, level });
    }
    case 'event': {
      const { event, offset } = message;
      const next = patch(state, event.sessionId, (session) => session && { ...session, offset: Math.max(session.offset, offset), open: openAfter(session.open, event) });
      return event.sessionId === state.selected ? { ...next, events: upsertEvent(state.events, event) } : next;
    }
    default:
      return state;
  }
}

/** Turns to another session, or to none; its earlier events come with `addEvents`. */
export const select = (state: WallState, selected: string | undefined): WallState => ({ ...state, selected, events: [] });

/** Events of a session that were read over HTTP. */
export function addEvents(state: WallState, session: string, read: readonly Event[]): WallState {
  if (session !== state.selected) return state;
  return { ...state, events: mergeRead(state.events, read) };
}

/** Tiles keep their places: by beginning, whatever happens to the risk. */
export const inOrder = (sessions: ReadonlyMap<string, SessionView>): readonly SessionView[] =>
  [...sessions.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id));

function patch(state: WallState, id: string, change: (session: SessionView | undefined) => SessionView | undefined): WallState {
  const session = change(state.sessions.get(id));
  return session ? { ...state, sessions: new Map(state.sessions).set(id, session) } : state;
}

function openAfter(open: readonly string[], { type, source, endedAt }: Event): string[] {
  const others = open.filter((name) => name !== type);
  return source === 'vision' && endedAt === null ? [...others, type] : others;
}
