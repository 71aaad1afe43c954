import { findSession } from '../../db/sessions.ts';
import { parseConsoleMessage } from '../../protocol/codec.ts';
import type { ConsoleMessage } from '../../protocol/console.ts';
import type { Analysis } from '../../protocol/down.ts';
import { CLOSE, ProtocolError } from '../../protocol/errors.ts';
import { encodeWatched, type WatchedFrame } from '../../protocol/frame.ts';
import type { ConsoleAccess, LiveAccess, LivePlace } from '../access/live-access.ts';
import { ownSession, roleForbids } from '../access/refused.ts';
import { isOwn, type Use } from '../access/rights.ts';
import type { Tickets } from '../auth/tickets/tickets.ts';
import { FramePacer } from '../session/frames/frame-pacer.ts';
import type { LiveSessions } from '../session/live/session-acts.ts';
import type { CameraWatches } from './camera-watches.ts';
import type { Connection } from './connection.ts';
import type { SocketHandler } from './socket-handler.ts';
import { ConsoleFeed, type ConsoleFeedParts } from './console-feed.ts';
import { reauthenticate } from './reauth.ts';
import { invisibleSession, unknownSession } from './session-not-found.ts';

export interface ConsoleSocketParts extends ConsoleFeedParts {
  readonly access: LiveAccess;
  readonly watches: CameraWatches;
  readonly tickets: Tickets;
  readonly sessions: LiveSessions;
}

const MAX_WATCHED = 64;
const MAX_QUEUED = 256;
/** Pictures are skipped while more than this is unread, bytes. */
const PICTURE_BUFFER = 256 * 1024;

/** One proctor's socket: its requests, and the cameras that it watches. Session updates come from its feed. */
export class ConsoleSocket implements SocketHandler {
  readonly #connection: Connection;
  readonly #parts: ConsoleSocketParts;
  readonly #watching = new Map<string, { readonly place: LivePlace; readonly stop: () => void }>();
  /** Undefined until the ticket is confirmed; messages wait for that. */
  #open: { readonly rights: ConsoleAccess; readonly feed: ConsoleFeed } | undefined;
  #closed = false;
  /** Messages are answered one after the other: `unwatch` must not overtake its `watch`. */
  #tail: Promise<void>;
  #queued = 0;

  constructor(connection: Connection, parts: ConsoleSocketParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#tail = this.#admit().then(
      () => {
        connection.confirm(this.#open?.rights.viewer.role);
        connection.record('console_opened', null);
      },
      (error: unknown) => this.#refuse(error),
    );
  }

  text(text: string): void {
    try {
      const message = parseConsoleMessage(text);
      if (this.#queued >= MAX_QUEUED)
        throw new ProtocolError('rate_limited', 'too many messages at once', {
          close: CLOSE.tooMuch,
          retryable: true,
          refusal: { kind: 'flood' },
        });
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
    this.#fail(
      new ProtocolError('unexpected_binary', 'a console must send text messages only', { close: CLOSE.badMessage }),
    );
  }

  drained(): void {
    this.#open?.feed.drained();
  }

  closed(): void {
    this.#closed = true;
    this.#open?.rights.close();
    this.#open?.feed.stop();
    for (const { stop } of this.#watching.values()) stop();
    this.#watching.clear();
  }

  authExpiring(expiresAt: number): void {
    this.#connection.send({ type: 'reauth', expiresAt: new Date(expiresAt).toISOString() });
  }

  async #admit(): Promise<void> {
    const { access, tickets } = this.#parts;
    const { ticket, userId } = this.#connection.identity;
    const login = await tickets.confirm(ticket);
    if (!login) throw new Error('a console ticket without a login');
    const rights = await access.open(
      { userId, role: login.role, organisationId: login.organisationId },
      () => this.#rightsChanged(),
      () => this.#connection.close(CLOSE.serviceRestart, 'rights unknown'),
    );
    this.#open = { rights, feed: new ConsoleFeed(this.#connection, rights, this.#parts) };
    if (this.#closed) rights.close();
  }

  /** Pictures of lost sessions stop in this turn. */
  #rightsChanged(): void {
    if (!this.#open) return;
    const { rights, feed } = this.#open;
    for (const [id, { place, stop }] of this.#watching) {
      if (rights.sees(place)) continue;
      stop();
      this.#watching.delete(id);
    }
    feed.followRights().catch((error: unknown) => {
      this.#parts.log.warn({ err: error }, 'sessions of changed rights could not be read');
      this.#connection.close(CLOSE.serviceRestart, 'rights unknown');
    });
  }

  /** A ticket that cannot be confirmed closes the socket, whatever the reason. */
  #refuse(error: unknown): void {
    if (error instanceof ProtocolError) return this.#connection.fail(error);
    this.#parts.log.warn({ err: error }, 'ticket could not be confirmed');
    this.#connection.fail(
      new ProtocolError('unavailable', 'the server cannot confirm tickets at the moment', {
        close: CLOSE.serviceRestart,
        retryable: true,
      }),
    );
  }

  #fail(error: unknown): void {
    if (!(error instanceof ProtocolError)) {
      this.#parts.log.error({ err: error }, 'console message failed');
      // The console stays open: the database may be up again later.
      this.#connection.fail(new ProtocolError('unavailable', 'request failed; try again', { retryable: true }));
      return;
    }
    this.#connection.fail(error);
  }

  async #message(message: ConsoleMessage): Promise<void> {
    switch (message.type) {
      case 'subscribe':
        return this.#open?.feed.subscribe(message);
      case 'watch':
        return this.#watch(message.session, message.fps);
      case 'unwatch':
        this.#watching.get(message.session)?.stop();
        this.#watching.delete(message.session);
        return;
      case 'command': {
        await this.#checkUse(message.session, 'command');
        const by = { userId: this.#connection.identity.userId };
        return this.#parts.sessions
          .ask(message.session, 'command', { command: message, by })
          .catch((error: unknown) => {
            // Over for the session's own socket, but this console stays.
            if (error instanceof ProtocolError && (error.close !== undefined || error.code === 'unavailable'))
              throw new ProtocolError(error.code, error.message, { ref: message.session, retryable: error.retryable });
            throw error;
          });
      }
      case 'reauth':
        // Not awaited: later messages do not wait for a database that is down.
        void reauthenticate(this.#connection, this.#parts.tickets, 'console', message.ticket);
        return;
    }
  }

  /** @throws ProtocolError `not_found`, also for a session that is not visible; `forbidden` for the role */
  async #checkUse(session: string, use: Use): Promise<LivePlace> {
    const place = this.#parts.registry.find(session) ?? (await this.#findPlace(session));
    if (!place) throw unknownSession(session);
    const rights = this.#open?.rights;
    if (rights && isOwn(rights.viewer, place)) throw ownSession(session);
    if (!rights?.sees(place)) throw invisibleSession(session);
    if (!rights.may(use)) throw roleForbids(session);
    return place;
  }

  async #findPlace(session: string): Promise<LivePlace | undefined> {
    const row = await findSession(this.#parts.db, session);
    if (!row) return undefined;
    await this.#parts.access.know([row.exam_id]);
    return { examId: row.exam_id, studentId: row.student_id, room: row.room };
  }

  async #watch(session: string, fps: number): Promise<void> {
    const place = await this.#checkUse(session, 'watch');
    if (!this.#connection.alive) return;
    this.#watching.get(session)?.stop();
    this.#watching.delete(session);
    if (this.#watching.size >= MAX_WATCHED)
      throw new ProtocolError('bad_request', `at most ${MAX_WATCHED} sessions are watched at once`, { ref: session });
    const pacer = new FramePacer();
    const { userId, address } = this.#connection.identity;
    // Before the first picture.
    const left = this.#parts.watches.begin(userId, address, session);
    const unwatch = this.#parts.feed.watch(session, {
      frame: (frame) => this.#isWatched(session) && this.#picture(frame, pacer, fps),
      analysis: (id, analysis) => this.#isWatched(session) && this.#analysis(id, analysis),
    });
    const stop = () => {
      unwatch();
      left();
    };
    this.#watching.set(session, { place, stop });
  }

  /** Whether it is still in a room that the person sees: it can move meanwhile. */
  #isWatched(session: string): boolean {
    const watched = this.#watching.get(session);
    if (!watched) return false;
    const place = this.#parts.registry.find(session) ?? watched.place;
    if (this.#open?.rights.sees(place)) return true;
    watched.stop();
    this.#watching.delete(session);
    return false;
  }

  #picture(frame: WatchedFrame, pacer: FramePacer, fps: number): void {
    if (this.#connection.buffered > PICTURE_BUFFER || !pacer.isDue(fps, this.#parts.clock())) return;
    this.#connection.sendBinary(encodeWatched(frame.session, frame, frame.jpeg));
  }

  #analysis(session: string, analysis: Analysis): void {
    if (this.#connection.buffered <= PICTURE_BUFFER) this.#connection.send({ type: 'analysis', session, ...analysis });
  }
}
