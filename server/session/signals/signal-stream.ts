import { CLOSE, ProtocolError } from '../../../protocol/errors.ts';
import { SIGNAL_WINDOW } from '../../../protocol/signal-data.ts';

/**
 * One client's numbered run of signals: decides for each number whether it is new, a repetition, or wrong. Digests of
 * the newest numbers are kept, so that a repetition with another body is noticed (rule S5).
 */
export class SignalStream {
  readonly id: string;
  #accepted: number;
  #committed: number;
  readonly #digests: Map<number, string>;
  /**
   * `held`: no new number is taken. `resuming`: the client was sent `go`; signals that it sent before it received
   * `hold` may still arrive.
   */
  #flow: 'open' | 'held' | 'resuming' = 'open';

  constructor(id: string, committed = 0, digests: ReadonlyMap<number, string> = new Map()) {
    this.id = id;
    this.#accepted = committed;
    this.#committed = committed;
    this.#digests = new Map(digests);
  }

  /** Highest number whose event is committed. */
  get committed(): number {
    return this.#committed;
  }

  /** The client may have no room for further signals until some are committed (rule S6). */
  get isFull(): boolean {
    return this.#accepted - this.#committed >= SIGNAL_WINDOW;
  }

  get isHeld(): boolean {
    return this.#flow === 'held';
  }

  /** Whether `accept` would take this number as a new one. */
  takes(seq: number): boolean {
    return seq === this.#accepted + 1 && !this.isFull && this.#flow !== 'held';
  }

  /** Takes no new number until `go` (rule S9). @returns the first one that is not taken */
  hold(): number {
    this.#flow = 'held';
    return this.#accepted + 1;
  }

  /** Takes numbers again. @returns the first one that is missing */
  go(): number {
    this.#flow = 'resuming';
    return this.#accepted + 1;
  }

  /** A new connection continues after the numbers that are known here. */
  reopen(): void {
    this.#flow = 'open';
  }

  /**
   * @param digest of the signal's body
   * @returns `repeat` for one that is stored or on its way, `held` for one that is passed over and has to come again
   * @throws ProtocolError `window_exceeded`, `bad_sequence` or `sequence_conflict`
   */
  accept(seq: number, digest: string): 'new' | 'repeat' | 'held' {
    if (seq > this.#committed + SIGNAL_WINDOW) {
      throw new ProtocolError('window_exceeded', `at most ${SIGNAL_WINDOW} signals may be unacknowledged`, {
        close: CLOSE.tooMuch,
        ref: seq,
        retryable: true,
        refusal: { kind: 'flood' },
      });
    }
    const isNext = seq === this.#accepted + 1;
    if (seq > this.#accepted && (this.#flow === 'held' || (this.#flow === 'resuming' && !isNext))) return 'held';
    if (seq > this.#accepted && !isNext) {
      throw new ProtocolError('bad_sequence', `expected sequence number ${this.#accepted + 1}`, {
        close: CLOSE.badMessage,
        ref: seq,
      });
    }
    if (seq <= this.#accepted) {
      const known = this.#digests.get(seq);
      if (known !== undefined && known !== digest) {
        throw new ProtocolError('sequence_conflict', 'this number was used for another signal', {
          ref: seq,
          refusal: { kind: 'sequence_conflict' },
        });
      }
      return 'repeat';
    }
    this.#accepted = seq;
    this.#flow = 'open';
    this.#digests.set(seq, digest);
    this.#digests.delete(seq - 2 * SIGNAL_WINDOW);
    return 'new';
  }

  commit(seq: number): void {
    this.#committed = Math.max(this.#committed, seq);
  }
}
