import { parseExamMessage } from '../../protocol/codec.ts';
import type { ExamDown } from '../../protocol/down.ts';
import { CLOSE, type CloseCode, ProtocolError } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import type { ExamMessage, Hello } from '../../protocol/exam.ts';
import { decodeFrame } from '../../protocol/frame.ts';
import { SIGNAL_WINDOW } from '../../protocol/signal-data.ts';
import type { Tickets } from '../auth/tickets/tickets.ts';
import type { Timers } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { SessionRegistry } from '../session/live/session-registry.ts';
import type { ExamClient } from '../session/live/client-link.ts';
import type { LiveSession } from '../session/live/live-session.ts';
import type { SignalStream } from '../session/signals/signal-stream.ts';
import type { Connection } from './connection.ts';
import type { SocketHandler } from './socket-handler.ts';
import { reauthenticate } from './reauth.ts';

const HELLO_MS = 5000;

export interface ExamSocketParts {
  readonly registry: SessionRegistry;
  readonly tickets: Tickets;
  readonly timers: Timers;
  readonly log: Logger;
}

/** Fields of a live connection exist only while it lives. */
type State =
  | { readonly phase: 'greeting'; readonly cancelTimeout: () => void }
  /** `hello` came, and the session is being opened; messages wait meanwhile. */
  | { readonly phase: 'opening'; readonly waiting: ExamMessage[] }
  | { readonly phase: 'live'; readonly session: LiveSession; readonly stream: SignalStream }
  | { readonly phase: 'closed' };

/** One exam client's socket: passes its messages to the session, and the session's messages to it. */
export class ExamSocket implements SocketHandler, ExamClient {
  readonly #connection: Connection;
  readonly #parts: ExamSocketParts;
  readonly #sessionId: string;
  /** Confirmation of the ticket, requested on open: a socket whose login has ended is closed before `hello`. */
  readonly #confirmed: Promise<{ readonly role: Role } | undefined>;
  #state: State;
  /** Highest number that was acknowledged here. */
  #acknowledged = 0;

  constructor(connection: Connection, sessionId: string, parts: ExamSocketParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#sessionId = sessionId;
    const cancelTimeout = parts.timers.after(HELLO_MS, () => connection.close(CLOSE.helloTimeout, 'hello_timeout'));
    this.#state = { phase: 'greeting', cancelTimeout };
    this.#confirmed = parts.tickets.confirm(connection.identity.ticket);
    this.#confirmed.catch((error: unknown) => {
      // After `hello`, `#open` handles it.
      if (this.#state.phase === 'greeting') this.#refuse(error);
    });
  }

  // -- from the socket

  text(text: string): void {
    this.#guard(() => this.#message(parseExamMessage(text)));
  }

  binary(bytes: Uint8Array): void {
    this.#guard(() => {
      const frame = decodeFrame(bytes);
      if (this.#state.phase === 'greeting')
        throw new ProtocolError('hello_expected', 'hello must be the first message', { close: CLOSE.badMessage });
      // Latest wins: a frame that comes while the session is being opened is not worth keeping.
      if (this.#state.phase !== 'live') return;
      // Before the frame is looked at: its time on the line is told without that of the server (rule F13).
      this.send({ type: 'received', frame: frame.seq });
      this.#state.session.frame(frame);
    });
  }

  drained(): void {}

  closed(): void {
    const state = this.#state;
    this.#state = { phase: 'closed' };
    if (state.phase === 'greeting') state.cancelTimeout();
    if (state.phase === 'live') state.session.detach(this);
  }

  authExpiring(expiresAt: number): void {
    this.#connection.send({ type: 'reauth', expiresAt: new Date(expiresAt).toISOString() });
  }

  // -- from the session

  get loginId(): string {
    return this.#connection.identity.loginId;
  }

  get address(): string {
    return this.#connection.identity.address;
  }

  send(message: ExamDown): void {
    if (message.type === 'welcome') this.#acknowledged = message.lastAck;
    if (message.type === 'ack') {
      this.#connection.giveBack(Math.max(0, message.seq - this.#acknowledged));
      this.#acknowledged = Math.max(message.seq, this.#acknowledged);
    }
    // A client that does not read is closed by the buffer limit; it resumes when it reconnects.
    if (this.#connection.send(message) === 'dropped') this.#connection.close(CLOSE.tooMuch, 'not_reading');
  }

  end(code: CloseCode, error?: ProtocolError): void {
    if (error) this.#connection.send(error.toWire());
    this.#connection.close(code);
  }

  // -- inside

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError))
        this.#parts.log.error({ err: error, session: this.#sessionId }, 'exam message failed');
      this.#connection.fail(error);
    }
  }

  #message(message: ExamMessage): void {
    const state = this.#state;
    switch (state.phase) {
      case 'closed':
        return;
      case 'greeting':
        if (message.type !== 'hello')
          throw new ProtocolError('hello_expected', 'hello must be the first message', { close: CLOSE.badMessage });
        state.cancelTimeout();
        this.#state = { phase: 'opening', waiting: [] };
        void this.#open(message);
        return;
      case 'opening':
        if (message.type === 'hello') throw alreadyGreeted();
        if (state.waiting.length >= SIGNAL_WINDOW)
          throw new ProtocolError('window_exceeded', 'too many messages before welcome', {
            close: CLOSE.tooMuch,
            retryable: true,
          });
        state.waiting.push(message);
        return;
      case 'live':
        this.#live(state, message);
    }
  }

  #live({ session, stream }: Extract<State, { phase: 'live' }>, message: ExamMessage): void {
    switch (message.type) {
      case 'hello':
        throw alreadyGreeted();
      case 'signal':
        return session.signal(stream, message);
      case 'state':
        return session.state(message);
      case 'seen':
        return session.seen(message);
      case 'answer':
        return session.answer(message);
      case 'finish':
        void session.end('finished', session.studentId).catch((error: unknown) => this.#connection.fail(error));
        return;
      case 'reauth':
        void reauthenticate(this.#connection, this.#parts.tickets, 'exam', message.ticket);
    }
  }

  async #open(hello: Hello): Promise<void> {
    try {
      const login = await this.#confirmed;
      const session = await this.#parts.registry.connect(this.#sessionId);
      const stream = await this.#parts.registry.stream(session, hello.resume?.stream);
      if (!stream)
        throw new ProtocolError('unknown_stream', 'unknown signal stream', {
          close: CLOSE.badMessage,
          refusal: { kind: 'stream_forged' },
        });
      const state = this.#state;
      if (state.phase !== 'opening') return;
      this.#state = { phase: 'live', session, stream };
      this.#connection.confirm(login?.role);
      if (session.attach(this, stream, hello)) this.#connection.record('session_taken_over', session.id);
      for (const message of state.waiting) {
        // One of them may have ended the connection.
        if (this.#connection.alive) this.#guard(() => this.#message(message));
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    if (error instanceof ProtocolError) return this.#connection.fail(error);
    this.#parts.log.warn({ err: error, session: this.#sessionId }, 'session could not be opened');
    this.#connection.fail(
      new ProtocolError('unavailable', 'the session cannot be opened at the moment', {
        close: CLOSE.serviceRestart,
        retryable: true,
      }),
    );
  }
}

const alreadyGreeted = () =>
  new ProtocolError('already_greeted', 'hello must be sent once', { close: CLOSE.badMessage });
