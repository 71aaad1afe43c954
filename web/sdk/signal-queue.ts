import { SIGNAL_WINDOW } from '../../protocol/signal-data.ts';
import type { Signal } from '../../protocol/exam.ts';

/** A signal without its number, which follows from its position in the queue. */
export type SignalBody = Omit<Signal, 'type' | 'seq'>;

/** Contents of a queue to be stored; passed to `keep` once stored. */
export interface Snapshot {
  readonly acked: number;
  readonly signals: readonly SignalBody[];
  /** Distinguishes this numbering from earlier ones. */
  readonly numbering: number;
  /** Number of signals up to the end of the snapshot, counted from the first ever in the queue. */
  readonly end: number;
}

/**
 * Unacknowledged signals, oldest first. The first has the number `acked + 1`, so renumbering for a new stream is one
 * assignment. With a store, a signal is sent only once stored, so that a successor knows all used numbers.
 */
export class SignalQueue {
  #bodies: SignalBody[] = [];
  #acked = 0;
  /** Highest number sent on the current connection. */
  #sent = 0;
  /** Highest number ever sent in the current stream. */
  #everSent = 0;
  /** Number of stored signals at the front; infinite without a store, so that all can be sent. */
  #kept = Number.POSITIVE_INFINITY;
  #numbering = 0;
  /** Number of signals removed from the queue. */
  #removed = 0;
  /** The server accepts none from this number on (S9). */
  #heldFrom: number | undefined;
  /** Number of signals at the front that were restored; another client may have sent more after them. */
  #restored: number | undefined;

  /** Number of unacknowledged signals. */
  get size(): number {
    return this.#bodies.length;
  }

  /** Highest number known to be committed. */
  get acked(): number {
    return this.#acked;
  }

  /** @returns its number in the current stream */
  add(body: SignalBody): number {
    this.#bodies.push(body);
    return this.#acked + this.#bodies.length;
  }

  /** Unacknowledged signals of a name, oldest first. */
  waiting(signal: string): SignalBody[] {
    return this.#bodies.filter((body) => body.signal === signal);
  }

  /** Newest unacknowledged signal of these names. */
  newest(...signals: readonly string[]): SignalBody | undefined {
    return this.#bodies.filter((body) => signals.includes(body.signal)).at(-1);
  }

  /** Body of an unacknowledged number. */
  at(seq: number): SignalBody | undefined {
    return this.#bodies[seq - this.#acked - 1];
  }

  /** True between `hold` and `go`. */
  get held(): boolean {
    return this.#heldFrom !== undefined;
  }

  /** Next signal to send; undefined if all are sent, the next is not stored yet, the window is full, or `hold` is active. */
  next(): Signal | undefined {
    if (this.#heldFrom !== undefined && this.#sent + 1 >= this.#heldFrom) return undefined;
    const inFlight = this.#sent - this.#acked;
    const body = inFlight < SIGNAL_WINDOW && inFlight < this.#kept ? this.#bodies[inFlight] : undefined;
    if (!body) return undefined;
    this.#sent++;
    this.#everSent = Math.max(this.#everSent, this.#sent);
    return { type: 'signal', seq: this.#sent, ...body };
  }

  /** Cumulative (S3). A number that was never sent is ignored. */
  ack(seq: number): void {
    if (seq <= this.#acked || seq > this.#everSent) return;
    this.#remove(0, seq - this.#acked);
    this.#acked = seq;
    this.#sent = Math.max(this.#sent, seq);
  }

  /** S9: the server ignores signals from this number on, and has used none of these numbers. */
  stopBefore(from: number): void {
    this.#heldFrom = from;
    this.#sent = Math.max(this.#acked, Math.min(this.#sent, from - 1));
  }

  /** S9: signals from this number on are sent, or sent again. */
  goOn(from: number): void {
    this.#heldFrom = undefined;
    this.#sent = Math.max(this.#acked, Math.min(this.#sent, from - 1));
  }

  /**
   * After a reconnect, signals after `lastAck` are sent again (S4).
   * @returns false if the stream of the server cannot be this one; call `restart` then
   */
  resume(lastAck: number): boolean {
    this.#heldFrom = undefined;
    const restored = this.#restored;
    this.#restored = undefined;
    if (restored !== undefined && lastAck > this.#everSent) {
      this.#remove(0, restored);
      this.restart();
      this.#acked = this.#sent = this.#everSent = lastAck;
      return true;
    }
    if (lastAck < this.#acked || lastAck > this.#everSent) return false;
    this.ack(lastAck);
    this.#sent = lastAck;
    return true;
  }

  /** Starts a new stream: unacknowledged signals are numbered from 1. */
  restart(): void {
    this.#acked = 0;
    this.#sent = 0;
    this.#everSent = 0;
    this.#heldFrom = undefined;
    this.#restored = undefined;
    this.#numbering++;
    // Stored under other numbers counts as not stored.
    if (this.#kept !== Number.POSITIVE_INFINITY) this.#kept = 0;
  }

  /**
   * Removes a signal that the server refused without using its number (S7); later signals move up.
   * @returns true if later signals were already sent, under numbers that are now wrong
   */
  drop(seq: number): boolean {
    if (seq <= this.#acked || seq > this.#sent) return false;
    this.#remove(seq - this.#acked - 1, 1);
    const later = this.#sent > seq;
    this.#sent = seq - 1;
    this.#everSent = seq - 1;
    return later;
  }

  /** From now on only stored signals are sent; none is stored yet. */
  hold(): void {
    this.#kept = 0;
  }

  /** Signals no longer wait to be stored. */
  release(): void {
    this.#kept = Number.POSITIVE_INFINITY;
  }

  snapshot(): Snapshot {
    return {
      acked: this.#acked,
      signals: this.#bodies.slice(),
      numbering: this.#numbering,
      end: this.#removed + this.#bodies.length,
    };
  }

  /** The snapshot is stored, under its numbers. */
  keep({ numbering, end }: Snapshot): void {
    if (numbering === this.#numbering) this.#kept = Math.max(this.#kept, end - this.#removed);
  }

  /** Continues a stored run. It replaces the stored part of the current signals; the others follow it. */
  restore({ acked, signals }: { readonly acked: number; readonly signals: readonly SignalBody[] }): void {
    this.#remove(0, Math.min(this.#kept, this.#bodies.length));
    this.#bodies.unshift(...signals);
    this.restart();
    this.#kept = signals.length;
    this.#acked = this.#sent = acked;
    // Each of them may have been sent.
    this.#everSent = acked + signals.length;
    this.#restored = signals.length;
  }

  #remove(index: number, count: number): void {
    this.#bodies.splice(index, count);
    this.#removed += count;
    this.#kept = Math.max(0, this.#kept - count);
  }
}
