import type { Command, ConsoleMessage } from '../../protocol/console.ts';
import type { ConsoleDown } from '../../protocol/down.ts';
import { decodeWatched, type WatchedFrame } from '../../protocol/frame.ts';
import { Emitter } from '../sdk/emitter.ts';
import { Link } from '../sdk/link.ts';
import type { LinkOptions } from '../sdk/link-options.ts';
import type { StateChange } from '../sdk/link-state.ts';

/** Gaps come in bursts when a console falls behind: one new subscription after this wait covers them all, ms. */
const GAP_WAIT_MS = 1000;

type Fault = Extract<ConsoleDown, { type: 'error' }>;

interface ConsoleEvents {
  state: StateChange;
  /** Every message that changes the displayed state. */
  message: ConsoleDown;
  frame: WatchedFrame;
  error: Fault;
}

/** An exam, one session (also an ended one), or, with neither, everything that the user may see. */
export interface Scope {
  readonly exam?: string;
  readonly session?: string;
}

/** The console's connection. Subscriptions and watched sessions are restored after every reconnect. */
export class ConsoleClient {
  /** False for reviewers: the server refuses them live cameras. */
  mayWatch = true;
  readonly #link: Link<ConsoleMessage, ConsoleDown>;
  readonly #emitter = new Emitter<ConsoleEvents>();
  readonly #scope: Scope;
  readonly #watched = new Map<string, number>();
  /** By session: the offset after which events are missing. Kept until the server starts to resend. */
  readonly #gaps = new Map<string, number>();
  /** Offsets in the last subscription. */
  #requested = new Map<string, number>();
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  /** By session: offset of the last event, or of the session's first view. */
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
    if (!this.mayWatch) return;
    if (this.#watched.get(session) === fps) return;
    this.#watched.set(session, fps);
    this.#link.live?.send({ type: 'watch', session, fps });
  }

  unwatch(session: string): void {
    if (this.#watched.delete(session)) this.#link.live?.send({ type: 'unwatch', session });
  }

  /** @returns whether the command was sent; a refusal arrives as `error` with the session as its `ref` */
  command(command: Command): boolean {
    this.#link.live?.send(command);
    return this.#link.live !== undefined;
  }

  /** Requests the events after the last known offset of the one session, and after each gap (rule P1). */
  #subscription(): ConsoleMessage {
    const { session } = this.#scope;
    const known = session === undefined ? undefined : this.#offsets.get(session);
    this.#requested = new Map([
      ...(session !== undefined && known !== undefined ? [[session, known] as const] : []),
      ...this.#gaps,
    ]);
    return {
      type: 'subscribe',
      ...this.#scope,
      ...(this.#requested.size > 0 ? { from: Object.fromEntries(this.#requested) } : {}),
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
        // A session that is deleted, or no longer visible, has no events to resend.
        if (message.code === 'not_found' && typeof message.ref === 'string') {
          this.#requested.delete(message.ref);
          this.#gaps.delete(message.ref);
          this.#offsets.delete(message.ref);
        }
        return this.#emitter.emit('error', message);
    }
    this.#emitter.emit('message', message);
  }

  /** Only for sessions that are new here: a view with a higher offset must not hide a gap. */
  #note(sessions: readonly { readonly id: string; readonly offset: number }[]): void {
    for (const { id, offset } of sessions) if (!this.#offsets.has(id)) this.#offsets.set(id, offset);
  }

  /** The server starts to resend: after another disconnect, the request continues from the same offsets. */
  #begin(): void {
    for (const [session, after] of this.#requested) {
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
