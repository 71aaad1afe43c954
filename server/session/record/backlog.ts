import type { EventRow } from '../../../db/events.ts';

/** Pressure of waiting writes. `frames`: frames are dropped; `signals`: signals are held, too (rule S9). */
export const LEVELS = ['none', 'frames', 'signals'] as const;
export type Pressure = (typeof LEVELS)[number];

/**
 * Maximum of waiting writes in one process before signals are held, bytes: ten minutes of 200 sessions with 0.3
 * signals/s.
 */
const BACKLOG_BYTES = 128 * 1024 * 1024;
/** Frames give way at this share of it: long before signals have to. */
const FRAMES_SHARE = 0.25;
/** Hysteresis: a level is left when the backlog has shrunk to this share of its mark. */
const LEAVE_SHARE = 0.5;
/** Memory of a change without its events, and of an event without its details, bytes; measured, rounded up. */
const ENTRY_BYTES = 2048;
const EVENT_BYTES = 1024;

/** A queued change, as far as its size depends on it. */
interface Waiting {
  readonly events: readonly EventRow[];
}

/** Estimated memory of a change that waits, bytes. */
function bytesOf({ events }: Waiting): number {
  let bytes = ENTRY_BYTES;
  for (const { details } of events) bytes += EVENT_BYTES + JSON.stringify(details).length;
  return bytes;
}

/** Estimates the memory of writes that wait in this process, and derives the pressure level. */
export class Backlog {
  readonly #limit: number;
  readonly #bytesOf = new WeakMap<Waiting, number>();
  #bytes = 0;
  #level = 0;
  /** Called at every change of the level, synchronously. */
  onPressure: (pressure: Pressure) => void = () => {};

  /** @param limit bytes at which signals are held */
  constructor(limit: number = BACKLOG_BYTES) {
    this.#limit = limit;
  }

  get pressure(): Pressure {
    return LEVELS[this.#level]!;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(entry: Waiting): void {
    const bytes = bytesOf(entry);
    this.#bytesOf.set(entry, bytes);
    this.#change(bytes);
  }

  remove(entries: readonly Waiting[]): void {
    let bytes = 0;
    for (const entry of entries) bytes += this.#bytesOf.get(entry) ?? 0;
    this.#change(-bytes);
  }

  #levelAt(share: number): number {
    if (this.#bytes >= this.#limit * share) return 2;
    return this.#bytes >= this.#limit * FRAMES_SHARE * share ? 1 : 0;
  }

  #change(bytes: number): void {
    this.#bytes += bytes;
    const level = Math.max(this.#levelAt(1), Math.min(this.#level, this.#levelAt(LEAVE_SHARE)));
    if (level === this.#level) return;
    this.#level = level;
    this.onPressure(this.pressure);
  }
}
