import type { Command, ConsoleMessage } from '../../protocol/console.ts';
import type { ConsoleDown } from '../../protocol/down.ts';
import { decodeWatched, type WatchedFrame } from '../../protocol/frame.ts';
import { Emitter } from '../sdk/emitter.ts';
import { Link } from '../sdk/link.ts';
import type { LinkOptions } from '../sdk/link-options.ts';
import type { StateChange } from '../sdk/link-state.ts';

/** Gaps come in bursts when a console falls behind; one new subscription answers them all, ms. */
const GAP_WAIT_MS = 1000;

type Fault = Extract<ConsoleDown, { type: 'error' }>;

interface ConsoleEvents {
  state: StateChange;
  /** All that changes what is shown. */
  message: ConsoleDown;
  frame: WatchedFrame;
  error: Fault;
}

/** What it shows: an exam, one session (also one that is over), or with neither all that the user may see. */
export interface Scope {
  readonly exam?: string;
  readonly session?: string;
}

/** The console's connection: what it subscribed to and watches is asked for again after every reconnect. */
export class ConsoleClient {
  readonly #link: Link<ConsoleMessage, ConsoleDown>;
  readonly #emitter = new Emitter<ConsoleEvents>();
  readonly #scope: Scope;
  readonly #watched = new Map<string, number>();
  /** By session: the offset from which it has to be sent again. Kept until the server begins to. */
  readonly #gaps = new Map<string, number>();
  /** What the last subscription named. */
  #asked = new Map<string, number>();
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  /** By session: the last event's offset, or that of the first view of it. */
  #offsets = new Map<string, number>();
  constructor(options: LinkOptions, scope: Scope) {
    this.#scope = scope;
    this.#link = new Link<ConsoleMessage, ConsoleDown>(options, {
      opened: () => this.#link.greet(this.#subscription()),
      message: (message) => this.#message(message),
      binary: (bytes) => this.#emitter.emit('frame', decodeWatched(bytes)),
      changed: (change) => this.#emitter.emit('state', change),
      stopped: () => {},
    });
  }

  on<K extends keyof ConsoleEvents>(name: K, listener: (value: ConsoleEvents[K]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  connect(): void {
    this.#link.start();
  }

  close(): void {
    clearTimeout(this.#gapTimer);
    if (this.#link.running) this.#link.stop({ state: 'idle' }, 'unavailable', 'closed');
  }

  watch(session: string, fps: number): void {
    if (this.#watched.get(session) === fps) return;
    this.#watched.set(session, fps);
    this.#link.live?.send({ type: 'watch', session, fps });
  }

  unwatch(session: string): void {
    if (this.#watched.delete(session)) this.#link.live?.send({ type: 'unwatch', session });
  }

  /** @returns whether it was sent; a refusal comes as `error` with the session as its `ref` */
  command(command: Command): boolean {
    this.#link.live?.send(command);
    return this.#link.live !== undefined;
  }

  /** What came after what is known of the one session, and after each gap, the server sends again (P1). */
  #subscription(): ConsoleMessage {
    const { session } = this.#scope;
    const known = session === undefined ? undefined : this.#offsets.get(session);
    this.#asked = new Map([
      ...(session !== undefined && known !== undefined ? [[session, known] as const] : []),
      ...this.#gaps,
    ]);
    return {
      type: 'subscribe',
      ...this.#scope,
      ...(this.#asked.size > 0 ? { from: Object.fromEntries(this.#asked) } : {}),
    };
  }

  #message(message: ConsoleDown): void {
    switch (message.type) {
      case 'snapshot':
        if (!this.#link.live) this.#live();
        this.#note(message.sessions);
        this.#begin();
        break;
      case 'session':
        this.#note([message.session]);
        break;
      case 'event':
        this.#offsets.set(message.event.sessionId, message.offset);
        break;
      case 'gap':
        return this.#gap(message.session, message.after);
      case 'reauth':
        return void this.#link.renew((ticket) => ({ type: 'reauth', ticket }));
      case 'error':
        // A session that was deleted has nothing to send again.
        if (message.code === 'not_found' && typeof message.ref === 'string' && this.#asked.delete(message.ref))
          this.#offsets.delete(message.ref);
        return this.#emitter.emit('error', message);
    }
    this.#emitter.emit('message', message);
  }

  /** Only of a session that is new here: a view that runs ahead must not hide a hole. */
  #note(sessions: readonly { readonly id: string; readonly offset: number }[]): void {
    for (const { id, offset } of sessions) if (!this.#offsets.has(id)) this.#offsets.set(id, offset);
  }

  /** The server begins to send what was asked for again: should it be cut off, it is asked for from there. */
  #begin(): void {
    for (const [session, after] of this.#asked) {
      this.#offsets.set(session, after);
      if (this.#gaps.get(session) === after) this.#gaps.delete(session);
    }
  }

  #live(): void {
    this.#link.greeted();
    for (const [session, fps] of this.#watched) this.#link.live?.send({ type: 'watch', session, fps });
  }

  #gap(session: string, after: number): void {
    this.#gaps.set(session, Math.min(after, this.#gaps.get(session) ?? after));
    clearTimeout(this.#gapTimer);
    this.#gapTimer = setTimeout(() => this.#link.live?.send(this.#subscription()), GAP_WAIT_MS);
  }
}
