import { CLOSE, ProtocolError } from '../../protocol/errors.ts';

/** Signals of one stream that may wait for their commit (rule S6). */
export const WINDOW = 64;

/**
 * One client's numbered run of signals: decides for each number whether it is new, a repetition, or wrong.
 * Digests of the newest numbers are kept, so that a repetition with another body is noticed (rule S5).
 */
export class SignalStream {
  readonly id: string;
  #accepted: number;
  #committed: number;
  readonly #digests: Map<number, string>;

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

  /**
   * @param digest of the signal's body
   * @returns `repeat` for one that is stored or on its way
   * @throws ProtocolError `window_exceeded`, `bad_sequence` or `sequence_conflict`
   */
  accept(seq: number, digest: string): 'new' | 'repeat' {
    if (seq > this.#committed + WINDOW) {
      throw new ProtocolError('window_exceeded', `at most ${WINDOW} signals may be unacknowledged`, { close: CLOSE.tooMuch, ref: seq, retryable: true, refusal: { kind: 'flood' } });
    }
    if (seq > this.#accepted + 1) {
      throw new ProtocolError('bad_sequence', `after ${this.#accepted} comes ${this.#accepted + 1}`, { close: CLOSE.badMessage, ref: seq });
    }
    if (seq <= this.#accepted) {
      const known = this.#digests.get(seq);
      if (known !== undefined && known !== digest) {
        throw new ProtocolError('sequence_conflict', 'this number was used for another signal', { ref: seq, refusal: { kind: 'sequence_conflict' } });
      }
      return 'repeat';
    }
    this.#accepted = seq;
    this.#digests.set(seq, digest);
    this.#digests.delete(seq - 2 * WINDOW);
    return 'new';
  }

  commit(seq: number): void {
    this.#committed = Math.max(this.#committed, seq);
  }
}
