import { CLOSE, ProtocolError } from '../../../protocol/errors.ts';

/** Network and timers bunch frames: a little more than the rate is accepted. */
const SLACK = 1.25;
const FLOOD_FACTOR = 3;
const FLOOD_SECONDS = 10;
/** Time for a client to follow a lower rate. */
const GRACE_MS = 3000;

/** Limits one client's frames to the announced rate (rule F7). Times are server ms. */
export class IngestLimit {
  #fps: number;
  #allowed: number;
  #lowerFrom = 0;
  #tokens: number;
  #refilledAt: number;
  #secondFrom: number;
  #inSecond = 0;
  #floodSeconds = 0;

  constructor(fps: number, now: number) {
    this.#fps = fps;
    this.#allowed = fps;
    this.#tokens = this.#capacity();
    this.#refilledAt = now;
    this.#secondFrom = now;
  }

  setRate(fps: number, now: number): void {
    if (fps >= this.#allowed) this.#allowed = fps;
    else this.#lowerFrom = now + GRACE_MS;
    this.#fps = fps;
  }

  /** @returns whether the frame is within the rate. @throws ProtocolError `too_many_frames` (close 4429) */
  admit(now: number): boolean {
    if (this.#allowed > this.#fps && now >= this.#lowerFrom) this.#allowed = this.#fps;
    this.#countFlood(now);
    // A clock that was set back must not remove tokens.
    const seconds = Math.max(0, now - this.#refilledAt) / 1000;
    this.#tokens = Math.min(this.#capacity(), this.#tokens + seconds * this.#allowed * SLACK);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #capacity(): number {
    return Math.max(2, this.#allowed);
  }

  #countFlood(now: number): void {
    this.#secondFrom = Math.min(this.#secondFrom, now);
    if (now - this.#secondFrom >= 1000) {
      const seconds = (now - this.#secondFrom) / 1000;
      this.#floodSeconds = this.#inSecond / seconds > FLOOD_FACTOR * this.#allowed ? this.#floodSeconds + seconds : 0;
      this.#secondFrom = now;
      this.#inSecond = 0;
    }
    this.#inSecond += 1;
    if (this.#floodSeconds >= FLOOD_SECONDS) {
      throw new ProtocolError('too_many_frames', `more than ${this.#allowed} frames per second for too long`, {
        close: CLOSE.tooMuch,
        retryable: true,
        retryAfterSeconds: FLOOD_SECONDS,
        refusal: { kind: 'flood' },
      });
    }
  }
}
