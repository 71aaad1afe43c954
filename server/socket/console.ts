import type { Db } from '../../db/executor.ts';
import { type EventRow, listChanges, listOpen } from '../../db/events.ts';
import { findSession, listSessions } from '../../db/sessions.ts';
import { parseConsoleMessage } from '../../protocol/codec.ts';
import type { ConsoleMessage, Subscribe } from '../../protocol/console.ts';
import type { Analysis, ConsoleDown } from '../../protocol/down.ts';
import { CLOSE, ProtocolError } from '../../protocol/errors.ts';
import { encodeWatched, type WatchedFrame } from '../../protocol/frame.ts';
import type { Tickets } from '../auth/tickets.ts';
import type { Clock } from '../clock.ts';
import type { Feed, SessionUpdate } from '../feed/feed.ts';
import type { Logger } from '../log.ts';
import { eventView } from '../session/event-view.ts';
import { Pace } from '../session/pace.ts';
import type { Registry } from '../session/registry.ts';
import { sessionView } from '../session/session-view.ts';
import type { Connection, SocketHandler } from './connection.ts';
import { reauthenticate } from './reauth.ts';

export interface ConsoleSocketParts {
  readonly db: Db;
  readonly registry: Registry;
  readonly feed: Feed;
  readonly tickets: Tickets;
  readonly clock: Clock;
  readonly log: Logger;
}

const SNAPSHOT_LIMIT = 2000;
/** Changes of one session that are sent again; a console that missed more starts from the snapshot. */
const BACKFILL_LIMIT = 1000;
const MAX_WATCHED = 64;
const MAX_QUEUED = 256;
/** A picture waits for nothing: while this much is unread the next one is left out. */
const PICTURE_BUFFER = 256 * 1024;

/** One proctor's socket. The feed comes in three phases: backfill, cut-over, live. */
export class ConsoleSocket implements SocketHandler {
  readonly #connection: Connection;
  readonly #parts: ConsoleSocketParts;
  readonly #watching = new Map<string, () => void>();
  /** Sessions of which something was dropped while the console did not read. */
  readonly #missed = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  /** Updates that came while the backfill ran; undefined in the live phase. */
  #held: SessionUpdate[] | undefined;
  /** Highest offset sent of each session. */
  #sent = new Map<string, number>();
  /** Messages are answered one after the other: `unwatch` must not overtake its `watch`. */
  #tail: Promise<void>;
  #queued = 0;
  /** Rises with each `subscribe`, so that an older one's backfill stops. */
  #generation = 0;

  constructor(connection: Connection, parts: ConsoleSocketParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#tail = parts.tickets.confirm(connection.identity.ticket).then(
      () => connection.confirm(),
      (error: unknown) => this.#refuse(error),
    );
  }

  text(text: string): void {
    try {
      const message = parseConsoleMessage(text);
      if (this.#queued >= MAX_QUEUED) throw new ProtocolError('rate_limited', 'too many messages at once', { close: CLOSE.tooMuch, retryable: true, refusal: { kind: 'flood' } });
      this.#queued += 1;
      this.#tail = this.#tail
        .then(() => (this.#connection.alive ? this.#message(message) : undefined))
        .catch((error: unknown) => this.#fail(error))
        .finally(() => {
          this.#queued -= 1;
        });
    } catch (error) {
      this.#fail(error);
    }
  }

  binary(): void {
    this.#fail(new ProtocolError('unexpected_binary', 'a console sends text only', { close: CLOSE.badMessage }));
  }

  drained(): void {
    for (const session of this.#missed) {
      if (this.#connection.send({ type: 'gap', session }) === 'dropped') return;
      this.#missed.delete(session);
    }
  }

  closed(): void {
    this.#generation += 1;
    this.#unsubscribe?.();
    for (const stop of this.#watching.values()) stop();
    this.#watching.clear();
  }

  authExpiring(expiresAt: number): void {
    this.#connection.send({ type: 'reauth', expiresAt: new Date(expiresAt).toISOString() });
  }

  /** Whose ticket cannot be confirmed does not stay, whatever the reason. */
  #refuse(error: unknown): void {
    if (error instanceof ProtocolError) return this.#connection.fail(error);
    this.#parts.log.warn({ err: error }, 'ticket could not be confirmed');
    this.#connection.fail(new ProtocolError('unavailable', 'the server cannot confirm tickets at the moment', { close: CLOSE.serviceRestart, retryable: true }));
  }

  #fail(error: unknown): void {
    if (!(error instanceof ProtocolError)) {
      this.#parts.log.error({ err: error }, 'console message failed');
      // The console lives on: a database that is away now is back later.
      this.#connection.fail(new ProtocolError('unavailable', 'that failed; try again', { retryable: true }));
      return;
    }
    this.#connection.fail(error);
  }

  async #message(message: ConsoleMessage): Promise<void> {
    switch (message.type) {
      case 'subscribe':
        return this.#subscribe(message);
      case 'watch':
        return this.#watch(message.session, message.fps);
      case 'unwatch':
        this.#watching.get(message.session)?.();
        this.#watching.delete(message.session);
        return;
      case 'command': {
        await this.#known(message.session);
        const session = await this.#parts.registry.open(message.session).catch((error: unknown) => {
          // Over for the session's own socket, but this console stays.
          if (error instanceof ProtocolError) throw new ProtocolError(error.code, error.message, { ref: message.session });
          throw error;
        });
        if (session.isOver) throw new ProtocolError('session_over', 'this session is over', { ref: message.session });
        return session.command(message, { userId: this.#connection.identity.userId });
      }
      case 'reauth':
        return reauthenticate(this.#connection, this.#parts.tickets, 'console', message.ticket);
    }
  }

  async #known(session: string): Promise<void> {
    if (this.#parts.registry.find(session) || (await findSession(this.#parts.db, session))) return;
    throw new ProtocolError('not_found', 'there is no such session', { ref: session, refusal: { kind: 'unknown_id', target: session } });
  }

  async #subscribe(message: Subscribe): Promise<void> {
    const generation = ++this.#generation;
    this.#unsubscribe?.();
    this.#held = [];
    this.#sent = new Map();
    this.#missed.clear();
    this.#unsubscribe = this.#parts.feed.subscribe({ exam: message.exam, session: message.session }, (update) => this.#update(update));
    const current = () => generation === this.#generation && this.#connection.alive;

    const { db, registry, clock } = this.#parts;
    const rows = await listSessions(db, { exam: message.exam, session: message.session, running: message.session === undefined, limit: SNAPSHOT_LIMIT });
    const open = await listOpen(db, rows.map((row) => row.id));
    if (!current()) return;
    const now = clock();
    const openOf = new Map<string, EventRow[]>(rows.map((row) => [row.id, []]));
    for (const event of open) openOf.get(event.session_id)?.push(event);
    const sessions = rows.map((row) => sessionView(row, registry.find(row.id), openOf.get(row.id) ?? [], now));
    for (const session of sessions) this.#sent.set(session.id, session.offset);
    this.#send(undefined, { type: 'snapshot', sessions });

    for (const [session, offset] of Object.entries(message.from ?? {})) {
      if (!this.#sent.has(session)) continue;
      const changes = await listChanges(db, session, offset, BACKFILL_LIMIT);
      if (!current()) return;
      for (const row of changes) this.#event(session, row.change_offset, eventView(row));
      if (changes.length === BACKFILL_LIMIT) this.#send(session, { type: 'gap', session });
    }

    const held = this.#held ?? [];
    this.#held = undefined;
    for (const update of held) this.#update(update);
  }

  #update(update: SessionUpdate): void {
    if (this.#held) {
      this.#held.push(update);
      return;
    }
    const { view } = update;
    const before = this.#sent.get(view.id);
    for (const change of update.changes) {
      if (change.offset > (this.#sent.get(view.id) ?? 0)) this.#event(view.id, change.offset, change.event);
    }
    if (update.state || before === undefined) this.#send(view.id, { type: 'session', session: view });
    if (update.changes.length > 0) this.#send(view.id, { type: 'risk', session: view.id, score: view.score, rolling: view.rolling, level: view.level });
  }

  #event(session: string, offset: number, event: ReturnType<typeof eventView>): void {
    this.#send(session, { type: 'event', offset, event });
    this.#sent.set(session, Math.max(offset, this.#sent.get(session) ?? 0));
  }

  /** What does not go out is not forgotten: the console is told of the gap as soon as it reads again. */
  #send(session: string | undefined, message: ConsoleDown): void {
    if (this.#connection.send(message) !== 'dropped') return;
    if (session) this.#missed.add(session);
    else this.#connection.close(CLOSE.tooMuch, 'not_reading');
  }

  async #watch(session: string, fps: number): Promise<void> {
    await this.#known(session);
    if (!this.#connection.alive) return;
    this.#watching.get(session)?.();
    if (this.#watching.size >= MAX_WATCHED) throw new ProtocolError('bad_request', `at most ${MAX_WATCHED} sessions are watched at once`, { ref: session });
    const pace = new Pace();
    const stop = this.#parts.feed.watch(session, {
      frame: (frame) => this.#picture(frame, pace, fps),
      analysis: (id, analysis) => this.#analysis(id, analysis),
    });
    this.#watching.set(session, stop);
  }

  #picture(frame: WatchedFrame, pace: Pace, fps: number): void {
    if (this.#connection.buffered > PICTURE_BUFFER || !pace.isDue(fps, this.#parts.clock())) return;
    this.#connection.sendBinary(encodeWatched(frame.session, frame, frame.jpeg));
  }

  #analysis(session: string, analysis: Analysis): void {
    if (this.#connection.buffered <= PICTURE_BUFFER) this.#connection.send({ type: 'analysis', session, ...analysis });
  }
}
