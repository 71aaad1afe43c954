import { SILENT_MS } from './capture-messages.ts';

/** One check counts at most this much, ms: while the computer slept, the camera had nothing to deliver. */
const LATE_MS = 1_000;

/** Detects a camera that has stopped delivering frames. */
export class SilenceWatch {
  #silentMs = 0;
  #checkedAt: number | undefined;

  /** A frame arrived, or none is expected. */
  heard(): void {
    this.#silentMs = 0;
  }

  /**
   * @param now ms of a monotonic clock; called several times a second
   * @returns true once for every `SILENT_MS` without a frame, not counting a sleep of the computer or the page
   */
  silent(now: number): boolean {
    this.#silentMs += Math.min(now - (this.#checkedAt ?? now), LATE_MS);
    this.#checkedAt = now;
    if (this.#silentMs < SILENT_MS) return false;
    this.#silentMs = 0;
    return true;
  }
}
