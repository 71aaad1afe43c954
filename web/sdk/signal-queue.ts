import type { Signal } from '../../protocol/exam.ts';

/** Rule S6: signals that may be on the wire without an acknowledgement. */
export const WINDOW = 64;

/** A signal without its number: the number follows from its place in the queue. */
export type SignalBody = Omit<Signal, 'type' | 'seq'>;

/**
 * Signals from the call until their acknowledgement, oldest first. The first one has the number
 * `acked + 1`, and so on, which makes numbering them anew for another stream a matter of one assignment.
 */
export class SignalQueue {
  #bodies: SignalBody[] = [];
  #acked = 0;
  /** Highest number sent on the present connection. */
  #sent = 0;
  /** Highest number ever sent in the present stream. */
  #everSent = 0;

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

  /** The next signal to send, or undefined when all are sent or the window is full. */
  next(): Signal | undefined {
    const inFlight = this.#sent - this.#acked;
    const body = inFlight < WINDOW ? this.#bodies[inFlight] : undefined;
    if (!body) return undefined;
    this.#sent++;
    this.#everSent = Math.max(this.#everSent, this.#sent);
    return { type: 'signal', seq: this.#sent, ...body };
  }

  /** Cumulative (S3). A number that was never sent cannot be stored, so it lets go of nothing. */
  ack(seq: number): void {
    if (seq <= this.#acked || seq > this.#everSent) return;
    this.#bodies.splice(0, seq - this.#acked);
    this.#acked = seq;
    this.#sent = Math.max(this.#sent, seq);
  }

  /**
   * After a reconnect: what follows `lastAck` is sent again (S4).
   * @returns false when the server's stream and this one cannot be the same; `restart` is the way on
   */
  resume(lastAck: number): boolean {
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
  }

  /**
   * Takes out a signal that the server refused without using up its number (S7); those after it move up.
   * @returns whether later ones were already on the wire under numbers that are now wrong
   */
  drop(seq: number): boolean {
    if (seq <= this.#acked || seq > this.#sent) return false;
    this.#bodies.splice(seq - this.#acked - 1, 1);
    const later = this.#sent > seq;
    this.#sent = seq - 1;
    this.#everSent = seq - 1;
    return later;
  }
}
