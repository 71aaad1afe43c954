import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import { textFrame } from './frame-writer.ts';
import { beginsWith, headOf, integerAt } from './message-head.ts';
import { LeanSocket, type SocketOptions } from './web-socket.ts';

const SNAPSHOT_MS = 60_000;
/** Start of nearly every message. Fields follow at fixed positions and are read without a JSON parser. */
const EVENT = headOf('event', ',"offset":');
const RISK = headOf('risk');
const SESSION = headOf('session', ',"session":{"id":"');
const BEFORE_ID = ',"event":{"id":"';
const BEFORE_SESSION = '","sessionId":"';
const ID = 36;

export interface ConsoleListener {
  /** Sessions of the snapshot, and later ones. */
  shown(session: Pick<SessionView, 'id' | 'offset' | 'conversation'>): void;
  /** @param payload the whole message */
  event(session: string, offset: number, payload: Buffer): void;
  gap(session: string, after: number): void;
  /** Risk or session state: counted without parsing. */
  other(): void;
  /** Any other message. */
  told(message: ConsoleDown): void;
  /** The connection ended, but not by this side. */
  ended(reason: string): void;
}

/** A console cheap enough to run a hundred in one process. */
export class LeanConsoleSocket {
  readonly #listener: ConsoleListener;
  #socket!: LeanSocket;
  /** Pending until its snapshot arrives; called with an error if it will not. */
  #answered: ((error?: Error) => void) | undefined;

  private constructor(listener: ConsoleListener) {
    this.#listener = listener;
  }

  /** @throws Error if it cannot be opened */
  static async open(options: SocketOptions, listener: ConsoleListener): Promise<LeanConsoleSocket> {
    const client = new LeanConsoleSocket(listener);
    const text = (payload: Buffer): void => client.#text(payload);
    client.#socket = await LeanSocket.open(options, '/ws/console', { text, ended: (reason) => client.#ended(reason) });
    return client;
  }

  /** Resolves once the whole snapshot has been passed to the listener. @throws Error if it does not arrive */
  subscribe(exam: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#socket.fail('no snapshot in time'), SNAPSHOT_MS);
      this.#answered = (error) => {
        this.#answered = undefined;
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      this.#socket.write(textFrame(JSON.stringify({ type: 'subscribe', exam })));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #text(payload: Buffer): void {
    if (beginsWith(payload, RISK)) return this.#listener.other();
    if (beginsWith(payload, EVENT)) return this.#event(payload);
    if (beginsWith(payload, SESSION)) return this.#listener.other();
    const message = JSON.parse(payload.toString('utf8')) as ConsoleDown;
    if (message.type === 'gap') return this.#listener.gap(message.session, message.after);
    if (message.type !== 'snapshot') return this.#listener.told(message);
    for (const session of message.sessions) this.#listener.shown(session);
    this.#answered?.();
  }

  #event(payload: Buffer): void {
    const comma = payload.indexOf(',', EVENT.length);
    const session = comma + BEFORE_ID.length + ID + BEFORE_SESSION.length;
    this.#listener.event(payload.toString('latin1', session, session + ID), integerAt(payload, EVENT.length), payload);
  }

  #ended(reason: string): void {
    if (this.#answered) this.#answered(new Error(reason));
    else this.#listener.ended(reason);
  }
}
