import type { Timers } from '../../server/clock.ts';

interface Pending {
  at: number;
  readonly everyMs: number | undefined;
  readonly work: () => void;
}

/** Clock and timers that move only on demand; for `Overrides`. */
export class ManualTime {
  now: number;
  readonly #pending = new Set<Pending>();

  constructor(now = Date.now()) {
    this.now = now;
  }

  readonly clock = (): number => this.now;

  readonly timers: Timers = {
    every: (ms, work) => this.#add(ms, ms, work),
    after: (ms, work) => this.#add(ms, undefined, work),
  };

  /** Number of pending timers. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Advances the clock and runs due timers in order. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (let next = this.#nextBefore(until); next; next = this.#nextBefore(until)) {
      this.now = Math.max(this.now, next.at);
      if (next.everyMs === undefined) this.#pending.delete(next);
      else next.at += next.everyMs;
      next.work();
    }
    this.now = until;
  }

  /** Sets the wall clock back, which does not affect timers. */
  setBack(ms: number): void {
    this.now -= ms;
    for (const pending of this.#pending) pending.at -= ms;
  }

  #add(ms: number, everyMs: number | undefined, work: () => void): () => void {
    const pending = { at: this.now + ms, everyMs, work };
    this.#pending.add(pending);
    return () => void this.#pending.delete(pending);
  }

  #nextBefore(until: number): Pending | undefined {
    let next: Pending | undefined;
    for (const pending of this.#pending) if (pending.at <= until && pending.at < (next?.at ?? Infinity)) next = pending;
    return next;
  }
}
