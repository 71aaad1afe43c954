/**
 * How long after a run of the detector its face may be relied on, ms. Shorter than the time between two frames of the
 * default policy (a second, and one may come a quarter of it early, the one before late), which are all searched; at
 * higher rates somebody who comes in is found this much later at most, if the picture shows so little of them that no
 * frame before is searched.
 */
const FRESH_MS = 500;

/** The face hint of the last detector run, for the next frames of the same camera. */
export class LastFaceHint {
  #hint: Uint8Array | undefined;
  /** Arrival of its frame, server ms. */
  #at = 0;

  keep(hint: Uint8Array | undefined, at: number): void {
    this.#hint = hint;
    this.#at = at;
  }

  /** The hint for a frame that arrived at `now`; undefined when it is too old. */
  at(now: number): Uint8Array | undefined {
    return now >= this.#at && now - this.#at < FRESH_MS ? this.#hint : undefined;
  }

  /** The next frame may come from another camera. */
  forget(): void {
    this.#hint = undefined;
  }
}
