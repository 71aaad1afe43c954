import type { EvidenceKind } from '../../../protocol/http/evidence.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';

/** Pictures of a head turn that was not made: the first, that with the largest turn, and the last. In memory until then. */
export class TurnPictures {
  readonly #kept = new Map<EvidenceKind, SeenFrame>();
  #most = Number.NEGATIVE_INFINITY;

  /** @param amount degrees of turn in this frame; undefined: not known */
  take({ jpeg, receivedAt }: SeenFrame, amount: number | undefined): void {
    // A copy: the slab that it came in is not to be kept.
    const frame = { jpeg: jpeg.slice(), receivedAt };
    if (!this.#kept.has('opened')) this.#kept.set('opened', frame);
    else if (amount !== undefined && amount > this.#most) {
      this.#most = amount;
      this.#kept.set('strongest', frame);
    }
    this.#kept.set('closed', frame);
  }

  /** Each frame once. */
  all(): readonly (readonly [EvidenceKind, SeenFrame])[] {
    const frames = new Set<number>();
    return [...this.#kept].filter(([, { receivedAt }]) => {
      if (frames.has(receivedAt)) return false;
      frames.add(receivedAt);
      return true;
    });
  }
}
