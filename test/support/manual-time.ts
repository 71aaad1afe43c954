import type { Timers } from '../../server/clock.ts';

interface Pending {
  at: number;
  readonly everyMs: number | undefined;
  readonly work: () => void;
}

/** A clock and its timers that stand still until a test moves them; for `Overrides`. */
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

  /** Timers that wait. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Moves on, and runs what is due on the way in its order. */
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

  /** The wall clock is set back, which no timer notices. */
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
