/** Message of `frame.js`, the script in a frame of another origin, to the pages around it. Never contents. */
export interface FrameMessage {
  readonly source: 'invigil-frame';
  readonly signal: 'COPY' | 'CUT' | 'PASTE' | 'CONTEXT_MENU';
  /** Characters copied, cut or pasted. */
  readonly length?: number;
}

const SIGNALS: ReadonlySet<unknown> = new Set(['COPY', 'CUT', 'PASTE', 'CONTEXT_MENU']);
const MAX_LENGTH = 1_000_000_000;

/** @returns undefined for anything else */
export function readFrameMessage(data: unknown): FrameMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { source, signal, length } = data as Partial<Record<keyof FrameMessage, unknown>>;
  if (source !== 'invigil-frame' || !SIGNALS.has(signal)) return undefined;
  const known = signal as FrameMessage['signal'];
  if (length === undefined) return { source, signal: known };
  if (!Number.isInteger(length) || (length as number) < 0 || (length as number) > MAX_LENGTH) return undefined;
  return { source, signal: known, length: length as number };
}

const BURST = 20;
const PER_SECOND = 2;

/** Messages of frames: at most 20 in a burst, then two a second, so that a frame cannot flood the session. */
export class FrameBudget {
  #left = BURST;
  #at = 0;

  /** @param now monotonic clock, ms */
  take(now: number): boolean {
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) / 1000) * PER_SECOND);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
