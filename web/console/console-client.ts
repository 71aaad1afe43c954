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
  readonly #gaps = new Set<string>();
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  /** Last offset by session. */
  #offsets = new Map<string, number>();
  constructor(options: LinkOptions, scope: Scope) {
    this.#scope = scope;
    this.#link = new Link<ConsoleMessage, ConsoleDown>(options, {
      opened: () => this.#link.greet(this.#subscription(scope.session ? [scope.session] : [])),
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

  /** From the last offset known, the server sends again what came after it (P1). */
  #subscription(behind: readonly string[]): ConsoleMessage {
    const from: Record<string, number> = {};
    for (const session of behind) {
      const offset = this.#offsets.get(session);
      if (offset !== undefined) from[session] = offset;
    }
    return { type: 'subscribe', ...this.#scope, ...(Object.keys(from).length > 0 ? { from } : {}) };
  }

  #message(message: ConsoleDown): void {
    switch (message.type) {
      case 'snapshot':
        if (!this.#link.live) this.#live();
        break;
      case 'event':
        this.#offsets.set(message.event.sessionId, message.offset);
        break;
      case 'gap':
        return this.#gap(message.session);
      case 'reauth':
        return void this.#link.renew((ticket) => ({ type: 'reauth', ticket }));
      case 'error':
        return this.#emitter.emit('error', message);
    }
    if (message.type === 'snapshot') this.#note(message.sessions);
    if (message.type === 'session') this.#note([message.session]);
    this.#emitter.emit('message', message);
  }

  #note(sessions: readonly { readonly id: string; readonly offset: number }[]): void {
    for (const { id, offset } of sessions) {
      // The one session's offset is that of the last event that arrived: a snapshot that runs ahead must not hide a hole.
      if (id !== this.#scope.session || !this.#offsets.has(id)) this.#offsets.set(id, offset);
    }
  }

  #live(): void {
    this.#link.greeted();
    for (const [session, fps] of this.#watched) this.#link.live?.send({ type: 'watch', session, fps });
  }

  #gap(session: string): void {
    this.#gaps.add(session);
    clearTimeout(this.#gapTimer);
    this.#gapTimer = setTimeout(() => {
      this.#link.live?.send(this.#subscription([...this.#gaps]));
      this.#gaps.clear();
    }, GAP_WAIT_MS);
  }
}
