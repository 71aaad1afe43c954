import { BaseDelay } from './base-delay.ts';

/**
 * Delay of an answer beyond that of the bare line up to which the scale rises, ms. A signal that is sent behind a frame
 * waits about as long.
 */
export const TARGET_MS = 600;
/** Rise per answer without any queueing delay. */
const STEP = 1 / 32;
/** Factor of one fall. The bytes per second go with the fourth power: 0.85 about halves them, 0.5 leaves a sixteenth. */
const FALL = { least: 0.85, most: 0.5 } as const;
const LOWEST = 0.25;
/** Width of the first picture of a connection, pixels: its answer shows how fast the line is. */
const PROBE_WIDTH = 320;
/** The most that the scale grows by one answer at the start of a connection. */
const GROWTH = 2;

/** Below `reduced` for so long, the pictures count as reduced, until the scale is back at `full`. */
const STATE = { reduced: 0.8, full: 0.95, afterMs: 5_000 } as const;

/**
 * Scale of rate, width and quality of the pictures, 0.25..1, for the uplink as it is, from the time between a frame and
 * its answer. Bytes buffered in this process say little: operating systems buffer megabytes below.
 *
 * Additive increase, multiplicative decrease: Chiu and Jain, "Analysis of the increase and decrease algorithms for
 * congestion avoidance in computer networks" (1989). The signal of congestion is queueing delay, the measured delay less
 * the lowest of the last minutes, and the increase shrinks as the delay nears its target, as in LEDBAT (RFC 6817, section
 * 2.4.2). One decrease for all frames that were sent before it, as in NewReno's recovery (RFC 6582). A connection starts
 * with a small picture and grows by factors until the delay shows, as in slow start (RFC 5681, section 3.1).
 *
 * All times are ms of a monotonic clock.
 */
export class UplinkControl {
  #scale = 1;
  #starting = false;
  readonly #base = new BaseDelay(TARGET_MS);
  /** Frames sent earlier were sent at a scale that has fallen since. */
  #fellAt = Number.NEGATIVE_INFINITY;
  #lowSince: number | undefined;
  #reduced = false;

  get scale(): number {
    return this.#scale;
  }

  /** True while the pictures are noticeably reduced. */
  get reduced(): boolean {
    return this.#reduced;
  }

  /** A frame that is unanswered for longer than this is late. */
  get lateAfterMs(): number {
    return this.#base.ms + TARGET_MS;
  }

  /** A new connection, maybe over another line. @param maxWidth pixels at scale 1 */
  restart(maxWidth: number): void {
    this.#scale = Math.min(this.#scale, Math.max(LOWEST, Math.min(0.5, PROBE_WIDTH / maxWidth)));
    this.#starting = true;
    this.#base.clear();
    this.#fellAt = Number.NEGATIVE_INFINITY;
  }

  /** A frame was answered. */
  answered(sentAt: number, now: number): void {
    // A clock that was set back measures nothing.
    if (now < sentAt) return;
    const delay = now - sentAt;
    this.#base.add(delay, now);
    if (sentAt >= this.#fellAt) this.#adapt(delay, now);
    this.#judge(now);
  }

  /** A frame has been without an answer for so long that the line must have become slower, as after a timeout (RFC 5681). */
  overdue(now: number): void {
    this.#fall(FALL.most, now);
    this.#judge(now);
  }

  #adapt(delay: number, now: number): void {
    const queueing = delay - this.#base.ms;
    if (queueing > TARGET_MS) {
      // The bytes of a frame, and with them its delay, go with about the third power of the scale.
      return this.#fall(Math.min(FALL.least, Math.cbrt(TARGET_MS / queueing)), now);
    }
    const risen = this.#scale + STEP * (1 - queueing / TARGET_MS);
    this.#scale = Math.min(1, Math.max(risen, this.#scale * this.#growth(delay, queueing)));
    if (this.#scale === 1) this.#starting = false;
  }

  /** Factor of the scale at the start of a connection, after that 1. */
  #growth(delay: number, queueing: number): number {
    if (!this.#starting) return 1;
    // Twice the bytes, while larger frames are not slower; more if the whole delay leaves room for more.
    const doubled = queueing < TARGET_MS / 4 ? Math.cbrt(2) : 1;
    const growth = Math.min(GROWTH, Math.max(doubled, Math.cbrt(TARGET_MS / delay)));
    this.#starting = growth > 1;
    return growth;
  }

  #fall(factor: number, now: number): void {
    this.#starting = false;
    this.#scale = Math.max(LOWEST, this.#scale * Math.max(FALL.most, factor));
    this.#fellAt = now;
  }

  #judge(now: number): void {
    if (this.#scale >= STATE.reduced) this.#lowSince = undefined;
    else this.#lowSince ??= now;
    if (this.#scale >= STATE.full) this.#reduced = false;
    else if (this.#lowSince !== undefined && now - this.#lowSince >= STATE.afterMs) this.#reduced = true;
  }
}
