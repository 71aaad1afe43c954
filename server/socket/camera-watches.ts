import type { SecurityLog } from '../audit/security/security-log.ts';
import { type Clock, systemTimers, type Timers } from '../clock.ts';

/** A watch that is resumed within this time is the same one, ms: a scrolled wall watches and unwatches its tiles. */
const LINGER_MS = 30_000;
const SWEEP_MS = 5_000;
/** Watches that are over and linger, at most; the oldest end at once. */
const MOST_LINGERING = 4096;

interface Watch {
  readonly actor: string;
  readonly session: string;
  readonly address: string;
  readonly since: number;
  /** Consoles of this actor that watch it now. */
  consoles: number;
  /** Server ms; meaningful while no console watches. */
  leftAt: number;
}

/**
 * Camera watches by actor and session, over all consoles: an entry of the audit log when one begins, another when it
 * is over.
 */
export class CameraWatches {
  readonly #security: Pick<SecurityLog, 'record'>;
  readonly #clock: Clock;
  readonly #watches = new Map<string, Watch>();
  /** The oldest first. */
  readonly #lingering = new Set<Watch>();
  readonly #cancelSweep: () => void;
  /** Number of people who watch each session. */
  readonly #watchers = new Map<string, number>();
  readonly #watched: (session: string, isWatched: boolean) => void;

  /** @param watched somebody begins to watch a session that nobody watched, or the last one has left it */
  constructor(
    security: Pick<SecurityLog, 'record'>,
    clock: Clock,
    timers: Timers = systemTimers,
    watched: (session: string, isWatched: boolean) => void = () => {},
  ) {
    this.#watched = watched;
    this.#security = security;
    this.#clock = clock;
    this.#cancelSweep = timers.every(SWEEP_MS, () => this.#sweep());
  }

  /** @returns ends it; may be called again */
  begin(actor: string, address: string, session: string): () => void {
    const watch = this.#watches.get(keyOf(actor, session)) ?? this.#open(actor, address, session);
    watch.consoles += 1;
    this.#lingering.delete(watch);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      watch.consoles -= 1;
      if (watch.consoles > 0) return;
      watch.leftAt = this.#clock();
      this.#lingering.add(watch);
      if (this.#lingering.size > MOST_LINGERING) this.#end(this.#lingering.values().next().value!);
    };
  }

  /** The server stops: every watch ends now. */
  stop(): void {
    this.#cancelSweep();
    for (const watch of this.#watches.values()) {
      if (watch.consoles > 0) watch.leftAt = this.#clock();
      this.#end(watch);
    }
  }

  #open(actor: string, address: string, session: string): Watch {
    const watch: Watch = { actor, session, address, since: this.#clock(), consoles: 0, leftAt: 0 };
    this.#watches.set(keyOf(actor, session), watch);
    this.#security.record({ kind: 'camera_watched', actor, target: session, address });
    this.#count(session, 1);
    return watch;
  }

  #end(watch: Watch): void {
    this.#lingering.delete(watch);
    this.#watches.delete(keyOf(watch.actor, watch.session));
    this.#security.record({
      kind: 'camera_left',
      actor: watch.actor,
      target: watch.session,
      address: watch.address,
      at: watch.leftAt,
      since: watch.since,
    });
    this.#count(watch.session, -1);
  }

  #count(session: string, change: 1 | -1): void {
    const before = this.#watchers.get(session) ?? 0;
    const after = before + change;
    if (after > 0) this.#watchers.set(session, after);
    else this.#watchers.delete(session);
    if (before === 0 || after === 0) this.#watched(session, after > 0);
  }

  #sweep(): void {
    const now = this.#clock();
    // A clock that was set back ends them, too.
    for (const watch of this.#lingering) if (Math.abs(now - watch.leftAt) >= LINGER_MS) this.#end(watch);
  }
}

const keyOf = (actor: string, session: string) => `${actor} ${session}`;
