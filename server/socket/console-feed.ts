import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../db/executor.ts';
import { listChanges, listOpen } from '../../db/events.ts';
import { listSessions } from '../../db/session-list.ts';
import { findSession, type NamedSessionRow } from '../../db/sessions.ts';
import type { Subscribe } from '../../protocol/console.ts';
import type { SessionView } from '../../protocol/down.ts';
import { CLOSE, type ProtocolError } from '../../protocol/errors.ts';
import type { ConsoleAccess, LiveAccess, LivePlace } from '../access/live-access.ts';
import type { Clock } from '../clock.ts';
import type { Feed, SessionUpdate } from '../feed/feed.ts';
import type { Logger } from '../log.ts';
import { eventView } from '../session/record/event-view.ts';
import type { SessionRegistry } from '../session/live/session-registry.ts';
import { sessionView } from '../session/record/session-view.ts';
import type { Connection } from './connection.ts';
import type { TeamDesk } from '../session/team/team-desk.ts';
import { bytesOf, EncodedUpdate } from './encoded-update.ts';
import { TeamFeed } from './team-feed.ts';
import { invisibleSession, outsideSubscription, unknownSession } from './session-not-found.ts';

export interface ConsoleFeedParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly feed: Feed;
  readonly access: Pick<LiveAccess, 'know'>;
  readonly desk: TeamDesk;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Sessions in the `snapshot`; further ones follow one by one. */
const SNAPSHOT_LIMIT = 2000;
/** Sessions, or changes, per query. */
const SLICE = 100;
/** Changes of one session per backfill; a console that missed more gets a gap, and asks again. */
const BACKFILL_LIMIT = 1000;
/**
 * Updates held during the backfill, at most: 8 s at 500 changes a second. Further ones become a gap.
 */
export const MAX_HELD = 4096;
/** Delay between attempts while the database does not answer, ms. */
const RETRY_MS = { first: 500, most: 5000 } as const;

const placeOf = (row: NamedSessionRow): LivePlace => ({
  examId: row.exam_id,
  studentId: row.student_id,
  room: row.room,
});

/** On its way to the console. */
interface Outgoing {
  /** Undefined: the snapshot. */
  readonly session: string | undefined;
  readonly bytes: Uint8Array;
  /** Offset of the session that the console has without it. */
  readonly after: number;
}

/** Updates for one console (rules P1 P2), in three phases: backfill, cut-over, live. Gaps are reported to it. */
export class ConsoleFeed {
  readonly #connection: Connection;
  readonly #parts: ConsoleFeedParts;
  readonly #rights: Pick<ConsoleAccess, 'viewer' | 'sees'>;
  readonly #team: TeamFeed;
  #unsubscribe: (() => void) | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Rises with each subscription and its end, so that an older one's backfill stops. */
  #generation = 0;
  /** Updates that came while the backfill ran; undefined in the live phase. */
  #held: SessionUpdate[] | undefined;
  /** Sessions with more updates than are held. */
  readonly #overflowed = new Set<string>();
  /** Highest offset of each session that was sent, or that its first view stands for. */
  #sent = new Map<string, number>();
  /** The sessions of `#sent`. */
  #places = new Map<string, LivePlace>();
  #wish: Subscribe | undefined;
  /** By session: the offset after which something was dropped while the console did not read. */
  readonly #missed = new Map<string, number>();
  /** Messages of this turn: the updates of one commit are sent in one system call. */
  #outgoing: Outgoing[] = [];

  constructor(connection: Connection, rights: Pick<ConsoleAccess, 'viewer' | 'sees'>, parts: ConsoleFeedParts) {
    this.#connection = connection;
    this.#rights = rights;
    this.#parts = parts;
    this.#team = new TeamFeed({
      desk: parts.desk,
      userId: rights.viewer.userId,
      shows: (session) => {
        const place = this.#places.get(session);
        return place !== undefined && rights.sees(place);
      },
      send: (session, bytes) => this.#send(session, bytes),
    });
  }

  /** Updates that wait for the database. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  /**
   * Replaces the subscription. While the database does not answer, it is retried until it succeeds or is replaced.
   * @throws the error of the first attempt
   */
  async subscribe(wish: Subscribe): Promise<void> {
    this.stop();
    this.#wish = wish;
    await this.#begin(wish, RETRY_MS.first);
  }

  /**
   * The rights of the console changed: it is told at once that sessions it lost do not exist, and is sent those that it
   * gained.
   * @throws the error of the database
   */
  async followRights(): Promise<void> {
    for (const [id, place] of this.#places) if (!this.#rights.sees(place)) this.#lose(id);
    const wish = this.#wish;
    // While the database is down, the next attempt reads by the new rights.
    if (!wish || !this.#unsubscribe) return;
    if (this.#held) return this.subscribe(wish);
    const generation = this.#generation;
    const current = () => generation === this.#generation && this.#connection.alive;
    await this.#pages(wish, current, (views) => {
      for (const session of views) {
        if (this.#sent.has(session.id)) continue;
        this.#show(session);
        this.#send(session.id, bytesOf({ type: 'session', session }));
        this.#team.tell([session.id]);
      }
    });
  }

  /** The console reads again: it gets the gaps that it missed. */
  drained(): void {
    for (const [session, after] of this.#missed) {
      if (this.#connection.send({ type: 'gap', session, after }) === 'dropped') return;
      this.#missed.delete(session);
    }
  }

  stop(): void {
    this.#generation += 1;
    clearTimeout(this.#retry);
    this.#wish = undefined;
    this.#leave();
  }

  async #begin(wish: Subscribe, delay: number): Promise<void> {
    const generation = this.#generation;
    const current = () => generation === this.#generation && this.#connection.alive;
    this.#held = [];
    this.#unsubscribe = this.#parts.feed.subscribe({ exam: wish.exam, session: wish.session }, (update) =>
      this.#update(update),
    );
    try {
      await this.#backfill(wish, current);
    } catch (error) {
      if (!current()) return;
      // No updates are held meanwhile: the next try starts with a new snapshot.
      this.#leave();
      this.#retry = setTimeout(() => void this.#begin(wish, Math.min(RETRY_MS.most, 2 * delay)), delay);
      if (delay === RETRY_MS.first) throw error;
      this.#parts.log.debug({ err: error }, 'subscribing failed again');
    }
  }

  #leave(): void {
    this.#team.stop();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#held = undefined;
    this.#overflowed.clear();
    this.#missed.clear();
    this.#outgoing = [];
    this.#sent = new Map();
    this.#places = new Map();
  }

  async #backfill(wish: Subscribe, current: () => boolean): Promise<void> {
    // One message, encoded in slices.
    let snapshot: Map<string, string> | undefined = new Map();
    await this.#pages(wish, current, (views, more) => {
      for (const view of views) this.#show(view);
      if (snapshot) {
        for (const view of views) snapshot.set(view.id, JSON.stringify(view));
        if (more && snapshot.size < SNAPSHOT_LIMIT) return;
        // Those lost while it was put together are left out.
        const sessions = [...snapshot].filter(([id]) => this.#sent.has(id)).map(([, view]) => view);
        this.#send(undefined, Buffer.from(`{"type":"snapshot","sessions":[${sessions.join(',')}]}`, 'utf8'));
        snapshot = undefined;
      } else for (const session of views) this.#send(session.id, bytesOf({ type: 'session', session }));
    });
    if (!current()) return;
    for (const [session, offset] of Object.entries(wish.from ?? {})) {
      // The embedded database answers in the same turn of the event loop: other work gets its turn.
      await setImmediate();
      if (!this.#sent.has(session) && !(await this.#showNamed(wish, session, current))) continue;
      const after = await this.#missedChanges(session, offset, current);
      if (after === undefined) return;
    }
    if (!current()) return;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const update of held) this.#update(update);
    for (const session of this.#overflowed) this.#gap(session, this.#sent.get(session) ?? 0);
    this.#overflowed.clear();
    this.#team.begin(this.#places.keys(), wish.session);
  }

  /** Reads the visible sessions of a subscription, in slices. */
  async #pages(
    wish: Subscribe,
    current: () => boolean,
    take: (views: SessionView[], more: boolean) => void,
  ): Promise<void> {
    const { exam, session } = wish;
    const filter = { exam, session, running: session === undefined, seenBy: this.#rights.viewer, limit: SLICE };
    for (let cursor: string | undefined, more = true; more;) {
      const rows = await listSessions(this.#parts.db, { ...filter, cursor });
      const views = await this.#views(rows);
      if (!current()) return;
      cursor = rows.at(-1)?.id;
      more = rows.length === SLICE;
      take(views, more);
    }
  }

  #show(view: SessionView): void {
    this.#sent.set(view.id, view.offset);
    this.#places.set(view.id, view);
  }

  #lose(id: string): void {
    for (const known of [this.#sent, this.#places, this.#missed, this.#overflowed]) known.delete(id);
    if (this.#wish?.session === id) this.#team.close();
    this.#outgoing = this.#outgoing.filter(({ session }) => session !== id);
    // A console that does not read must not go on showing it.
    if (this.#connection.send(outsideSubscription(id).toWire()) === 'dropped')
      this.#connection.close(CLOSE.tooMuch, 'not_reading');
  }

  /** @returns undefined when the subscription is over */
  async #missedChanges(session: string, from: number, current: () => boolean): Promise<number | undefined> {
    let after = from;
    for (let sent = 0; sent < BACKFILL_LIMIT; sent += SLICE) {
      const changes = await listChanges(this.#parts.db, session, after, SLICE);
      if (!current()) return undefined;
      for (const row of changes) {
        this.#event(
          session,
          row.change_offset,
          bytesOf({ type: 'event', offset: row.change_offset, event: eventView(row) }),
          after,
        );
        after = row.change_offset;
      }
      if (changes.length < SLICE) return after;
    }
    this.#gap(session, after);
    return after;
  }

  async #views(rows: readonly NamedSessionRow[]) {
    const open = await listOpen(
      this.#parts.db,
      rows.map((row) => row.id),
    );
    const openOf = new Map<string, string[]>(rows.map((row) => [row.id, []]));
    for (const event of open) openOf.get(event.session_id)?.push(event.type);
    await this.#parts.access.know(rows.map((row) => row.exam_id));
    await this.#parts.desk.know(rows.map((row) => row.id));
    const now = this.#parts.clock();
    // Rights may have changed since the rows were read.
    const seen = rows.filter((row) => this.#rights.sees(placeOf(row)));
    const { registry, desk } = this.#parts;
    const views = seen.map((row) => sessionView(row, row, registry.find(row.id), openOf.get(row.id) ?? [], now));
    for (const view of views) desk.follow(view);
    return views;
  }

  /**
   * A session that `from` names and the snapshot does not have: it has ended, or began since. @returns whether it is in
   * the subscription
   */
  async #showNamed(wish: Subscribe, id: string, current: () => boolean): Promise<boolean> {
    const row = await findSession(this.#parts.db, id);
    const isHere =
      row &&
      (wish.exam === undefined || row.exam_id === wish.exam) &&
      (wish.session === undefined || row.id === wish.session);
    const [session] = isHere ? await this.#views([row]) : [];
    if (!current()) return false;
    if (!session) {
      this.#connection.fail(this.#absent(id, row, isHere));
      return false;
    }
    this.#show(session);
    this.#send(id, bytesOf({ type: 'session', session }));
    return true;
  }

  /** Answer for a session that is not shown: unknown, outside of the subscription, or not visible to the person. */
  #absent(id: string, row: NamedSessionRow | undefined, isHere: boolean | undefined): ProtocolError {
    if (!row) return unknownSession(id);
    return isHere ? invisibleSession(id) : outsideSubscription(id);
  }

  #update(update: SessionUpdate): void {
    const { view, changes } = update;
    if (!this.#rights.sees(view)) {
      // Moved to a room that the person does not see.
      if (this.#places.has(view.id)) this.#lose(view.id);
      return;
    }
    if (this.#held) {
      if (this.#held.length < MAX_HELD && !this.#overflowed.has(view.id)) this.#held.push(update);
      else this.#overflowed.add(view.id);
      return;
    }
    const encoded = EncodedUpdate.of(update);
    const isNew = !this.#sent.has(view.id);
    if (!isNew) this.#places.set(view.id, view);
    if (isNew) {
      this.#sent.set(view.id, changes[0] ? changes[0].offset - 1 : view.offset);
      this.#places.set(view.id, view);
      this.#send(view.id, encoded.session);
      this.#team.tell([view.id]);
    }
    for (const [n, { offset }] of changes.entries()) {
      const sent = this.#sent.get(view.id) ?? 0;
      if (offset <= sent) continue;
      // Another process owned the session in between.
      if (offset > sent + 1) this.#gap(view.id, sent);
      this.#event(view.id, offset, encoded.event(n), sent);
    }
    if (update.stateChanged && !isNew) this.#send(view.id, encoded.session);
    if (changes.length > 0) this.#send(view.id, encoded.risk);
  }

  #event(session: string, offset: number, bytes: Uint8Array, after: number): void {
    this.#send(session, bytes, after);
    this.#sent.set(session, Math.max(offset, this.#sent.get(session) ?? 0));
  }

  #gap(session: string, after: number): void {
    this.#send(session, bytesOf({ type: 'gap', session, after }), after);
  }

  #send(
    session: string | undefined,
    bytes: Uint8Array,
    after = session === undefined ? 0 : (this.#sent.get(session) ?? 0),
  ): void {
    if (this.#outgoing.push({ session, bytes, after }) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    this.#connection.together(() => {
      for (const one of outgoing) this.#write(one);
    });
  }

  /** A dropped message becomes a gap, which is sent as soon as the console reads again. */
  #write({ session, bytes, after }: Outgoing): void {
    if (this.#connection.sendText(bytes) !== 'dropped') return;
    if (session === undefined) this.#connection.close(CLOSE.tooMuch, 'not_reading');
    // The first that is dropped is the lowest.
    else if (!this.#missed.has(session)) this.#missed.set(session, after);
  }
}
