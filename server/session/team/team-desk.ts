import type { Db } from '../../../db/executor.ts';
import { forgetSeen, listTeams, type NamedTeamRow } from '../../../db/session-team.ts';
import { findUsers } from '../../../db/users.ts';
import type { SessionView } from '../../../protocol/down.ts';
import { type Member, MOST_VIEWERS, type Team } from '../../../protocol/team.ts';
import type { Feed } from '../../feed/feed.ts';
import type { Logger } from '../../log.ts';
import { teamView } from './team-view.ts';

/** Something new happened when attention is by this much above its lowest value since the session was seen. */
const NEWS = 3;
/** Delay before new sessions are read, ms. */
const READ_AFTER_MS = 50;

interface Viewing {
  member: Member;
  consoles: number;
}

interface TeamState {
  /** Undefined: none is stored. */
  row: NamedTeamRow | undefined;
  /** Last value that was published. */
  attention: number | undefined;
  /** Lowest attention since it was seen. */
  lowest: number;
  /** Time of the mark after which something new happened, ms. */
  over: number | undefined;
  readonly viewers: Map<string, Viewing>;
  team: Team;
}

export interface TeamDeskParts {
  readonly db: Db;
  readonly feed: Pick<Feed, 'subscribe'>;
  readonly log: Logger;
  /** Whether this process runs the session. */
  readonly isLive: (session: string) => boolean;
}

type Listener = (team: Team) => void;

/**
 * Staff at work on live sessions, in memory, so that neither an update nor a console costs a query. What people do is
 * committed first and then read back; who has a session open is known here only.
 */
export class TeamDesk {
  readonly #parts: TeamDeskParts;
  readonly #states = new Map<string, TeamState>();
  readonly #listeners = new Set<Listener>();
  readonly #unread = new Set<string>();

  constructor(parts: TeamDeskParts) {
    this.#parts = parts;
    parts.feed.subscribe({}, ({ view }) => this.follow(view));
  }

  /** @returns removes the listener */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads sessions that are not known yet. */
  async know(sessions: readonly string[]): Promise<void> {
    const unknown = sessions.filter((id) => !this.#states.has(id));
    if (unknown.length === 0) return;
    const rows = new Map((await listTeams(this.#parts.db, unknown)).map((row) => [row.session_id, row]));
    for (const id of unknown) this.#take(id, rows.get(id));
  }

  /** Undefined: not read, or nothing to tell. */
  find(session: string): Team | undefined {
    const team = this.#states.get(session)?.team;
    return team && (team.seen || team.claim || team.notes > 0 || team.viewers.length > 0) ? team : undefined;
  }

  /** Reads back what was committed, and tells consoles. */
  async refresh(session: string): Promise<Team> {
    const [row] = await listTeams(this.#parts.db, [session]);
    return this.#take(session, row).team;
  }

  /** Somebody opens a session. @returns they close it; may be called again */
  look(session: string, userId: string): () => void {
    let over = false;
    let leave: (() => void) | undefined;
    this.#member(session, userId)
      .then((member) => {
        if (member && !over) leave = this.#join(session, member);
      })
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'the name of a viewer could not be read'));
    return () => {
      over = true;
      leave?.();
      leave = undefined;
    };
  }

  /** People have other names now; stored already. */
  rename(people: readonly Member[]): void {
    const names = new Map(people.map(({ id, name }) => [id, name]));
    for (const state of this.#states.values()) {
      let isTold = false;
      for (const viewer of state.viewers.values()) {
        const name = names.get(viewer.member.id);
        if (name === undefined || name === viewer.member.name) continue;
        viewer.member = { ...viewer.member, name };
        isTold = true;
      }
      const row = state.row && renamed(state.row, names);
      isTold ||= row !== state.row;
      state.row = row;
      if (isTold) this.#tell(state);
    }
  }

  /** The state of a session, as it is published. */
  follow({ id, attention, status }: SessionView): void {
    const state = this.#states.get(id);
    if (!state) return status === 'ended' ? undefined : this.#readSoon(id);
    if (status === 'ended' && state.viewers.size === 0) return void this.#states.delete(id);
    state.attention = attention?.value ?? 0;
    state.lowest = Math.min(state.lowest, state.attention);
    if (this.#lapse(state)) this.#tell(state);
  }

  /** A session that begins or goes on: those of a moment are read together. */
  #readSoon(session: string): void {
    if (this.#unread.size === 0)
      setTimeout(() => {
        const ids = [...this.#unread];
        this.#unread.clear();
        this.know(ids).catch((error: unknown) =>
          this.#parts.log.warn({ err: error }, 'staff at work on sessions could not be read'),
        );
      }, READ_AFTER_MS).unref();
    this.#unread.add(session);
  }

  #take(session: string, row: NamedTeamRow | undefined): TeamState {
    const known = this.#states.get(session);
    const state = known ?? newState(session);
    this.#states.set(session, state);
    // An older answer of the database came later.
    if (known && (row?.version ?? 0) <= (state.row?.version ?? 0)) return state;
    const isMarked = row?.seen_at && row.seen_at.getTime() !== state.row?.seen_at?.getTime();
    state.row = row;
    if (isMarked) state.lowest = row.seen_attention ?? 0;
    this.#lapse(state);
    if (row) this.#tell(state);
    return state;
  }

  /** A session that was seen comes back. @returns whether it does */
  #lapse(state: TeamState): boolean {
    const { row } = state;
    const at = row?.seen_at?.getTime();
    if (!row || at === undefined) return false;
    const isNews = state.attention !== undefined && state.attention > state.lowest + NEWS;
    if (state.over !== at && !isNews) return false;
    state.over = at;
    state.row = { ...row, seen_by: null, seen_at: null, seen_attention: null };
    forgetSeen(this.#parts.db, row.session_id, row.version)
      .then(() => this.refresh(row.session_id))
      // The mark is over here; another process finds the same attention.
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'a mark that is over could not be removed'));
    return true;
  }

  async #member(session: string, userId: string): Promise<Member | undefined> {
    const [user] = await findUsers(this.#parts.db, [userId]);
    await this.know([session]);
    return user && { id: user.id, name: user.name };
  }

  #join(session: string, member: Member): (() => void) | undefined {
    const state = this.#states.get(session);
    if (!state) return undefined;
    const viewer = state.viewers.get(member.id) ?? { member, consoles: 0 };
    state.viewers.set(member.id, viewer);
    viewer.consoles += 1;
    if (viewer.consoles === 1) this.#tell(state);
    return () => this.#leave(state, viewer);
  }

  #leave(state: TeamState, viewer: Viewing): void {
    viewer.consoles -= 1;
    if (viewer.consoles > 0) return;
    state.viewers.delete(viewer.member.id);
    this.#tell(state);
    const { session } = state.team;
    if (state.viewers.size === 0 && !this.#parts.isLive(session)) this.#states.delete(session);
  }

  #tell(state: TeamState): void {
    const viewers = [...state.viewers.values()].slice(0, MOST_VIEWERS).map(({ member }) => member);
    state.team = teamView(state.team.session, state.row, viewers);
    for (const listener of this.#listeners) listener(state.team);
  }
}

const newState = (session: string): TeamState => ({
  row: undefined,
  attention: undefined,
  lowest: 100,
  over: undefined,
  viewers: new Map(),
  team: teamView(session, undefined, []),
});

/** Pure: the same row if none of its people has another name. */
function renamed(row: NamedTeamRow, names: ReadonlyMap<string, string>): NamedTeamRow {
  const nameOf = (id: string | null, name: string | null) => (id === null ? undefined : names.get(id)) ?? name;
  const seen_name = nameOf(row.seen_by, row.seen_name);
  const claimed_name = nameOf(row.claimed_by, row.claimed_name);
  const claimed_from_name = nameOf(row.claimed_from, row.claimed_from_name);
  const isSame =
    seen_name === row.seen_name && claimed_name === row.claimed_name && claimed_from_name === row.claimed_from_name;
  return isSame ? row : { ...row, seen_name, claimed_name, claimed_from_name };
}
