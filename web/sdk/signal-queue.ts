import { SIGNAL_WINDOW } from '../../protocol/signal-data.ts';
import type { Signal } from '../../protocol/exam.ts';

/** A signal without its number: the number follows from its place in the queue. */
export type SignalBody = Omit<Signal, 'type' | 'seq'>;

/** What is to be kept of a queue; `keep` takes it back when that is done. */
export interface Snapshot {
  readonly acked: number;
  readonly signals: readonly SignalBody[];
  /** Tells this numbering from earlier ones. */
  readonly numbering: number;
  /** Signals up to here, counted from the first that the queue ever held. */
  readonly end: number;
}

/**
 * Signals from the call until their acknowledgement, oldest first. The first one has the number `acked + 1`, and so on,
 * which makes numbering them anew for another stream a matter of one assignment. Where signals are kept elsewhere too,
 * one is sent only after it was kept: whoever takes over then knows all used numbers.
 */
export class SignalQueue {
  #bodies: SignalBody[] = [];
  #acked = 0;
  /** Highest number sent on the present connection. */
  #sent = 0;
  /** Highest number ever sent in the present stream. */
  #everSent = 0;
  /** Signals at the front that are kept; without a store all of them may leave. */
  #kept = Number.POSITIVE_INFINITY;
  #numbering = 0;
  /** Signals that have left the queue. */
  #removed = 0;
  /** The server takes none from this number on (S9). */
  #heldFrom: number | undefined;
  /** So many at the front were read back from a store; somebody else may have sent more after them. */
  #restored: number | undefined;

  /** Signals that are not acknowledged. */
  get size(): number {
    return this.#bodies.length;
  }

  /** Highest number known to be stored. */
  get acked(): number {
    return this.#acked;
  }

  /** @returns its number in the present stream */
  add(body: SignalBody): number {
    this.#bodies.push(body);
    return this.#acked + this.#bodies.length;
  }

  /** Whether the server has said that it takes no more. */
  get held(): boolean {
    return this.#heldFrom !== undefined;
  }

  /**
   * The next signal to send, or undefined when all are sent, the next is not kept yet, the window is full, or the
   * server holds.
   */
  next(): Signal | undefined {
    if (this.#heldFrom !== undefined && this.#sent + 1 >= this.#heldFrom) return undefined;
    const inFlight = this.#sent - this.#acked;
    const body = inFlight < SIGNAL_WINDOW && inFlight < this.#kept ? this.#bodies[inFlight] : undefined;
    if (!body) return undefined;
    this.#sent++;
    this.#everSent = Math.max(this.#everSent, this.#sent);
    return { type: 'signal', seq: this.#sent, ...body };
  }

  /** Cumulative (S3). A number that was never sent cannot be stored, so it lets go of nothing. */
  ack(seq: number): void {
    if (seq <= this.#acked || seq > this.#everSent) return;
    this.#remove(0, seq - this.#acked);
    this.#acked = seq;
    this.#sent = Math.max(this.#sent, seq);
  }

  /** S9: the server passes over what has this number or a higher one, and used none of them up. */
  stopBefore(from: number): void {
    this.#heldFrom = from;
    this.#sent = Math.max(this.#acked, Math.min(this.#sent, from - 1));
  }

  /** S9: from this number on they are to be sent, again or for the first time. */
  goOn(from: number): void {
    this.#heldFrom = undefined;
    this.#sent = Math.max(this.#acked, Math.min(this.#sent, from - 1));
  }

  /**
   * After a reconnect: what follows `lastAck` is sent again (S4).
   * @returns false when the server's stream and this one cannot be the same; `restart` is the way on
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

  /** A new stream: what is unacknowledged is numbered from 1. */
  restart(): void {
    this.#acked = 0;
    this.#sent = 0;
    this.#everSent = 0;
    this.#heldFrom = undefined;
    this.#restored = undefined;
    this.#numbering++;
    // Kept under other numbers: not kept.
    if (this.#kept !== Number.POSITIVE_INFINITY) this.#kept = 0;
  }

  /**
   * Takes out a signal that the server refused without using up its number (S7); those after it move up.
   * @returns whether later ones were already on the wire under numbers that are now wrong
   */
  drop(seq: number): boolean {
    if (seq <= this.#acked || seq > this.#sent) return false;
    this.#remove(seq - this.#acked - 1, 1);
    const later = this.#sent > seq;
    this.#sent = seq - 1;
    this.#everSent = seq - 1;
    return later;
  }

  /** From now on only kept signals leave; none is yet. */
  hold(): void {
    this.#kept = 0;
  }

  /** Nothing is kept any more, and nothing waits for it. */
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

  /** What the snapshot holds is kept, under these numbers. */
  keep({ numbering, end }: Snapshot): void {
    if (numbering === this.#numbering) this.#kept = Math.max(this.#kept, end - this.#removed);
  }

  /**
   * Goes on with a run that was kept. Those of the present signals that were kept are part of it, if they still matter;
   * the others follow.
   */
  restore({ acked, signals }: { readonly acked: number; readonly signals: readonly SignalBody[] }): void {
    this.#remove(0, Math.min(this.#kept, this.#bodies.length));
    this.#bodies.unshift(...signals);
    this.restart();
    this.#kept = signals.length;
    this.#acked = this.#sent = acked;
    // Any of them may have been sent.
    this.#everSent = acked + signals.length;
    this.#restored = signals.length;
  }

  #remove(index: number, count: number): void {
    this.#bodies.splice(index, count);
    this.#removed += count;
    this.#kept = Math.max(0, this.#kept - count);
  }
}
