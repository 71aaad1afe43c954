import type { SeenFrame } from '../record/incident-pictures.ts';
import type { RequestParts } from './request-parts.ts';

/** A snapshot waits this long for an image, ms. */
const WAIT_MS = 10_000;
/** Snapshots that wait for one image, at most; further ones have none. */
const MOST_WAITING = 20;

/** Pictures that people keep: the next image that arrives, for each of their events. */
export class Snapshots {
  readonly #parts: Pick<RequestParts, 'recorder' | 'clock'>;
  readonly #waiting = new Map<string, number>();

  constructor(parts: Pick<RequestParts, 'recorder' | 'clock'>) {
    this.#parts = parts;
  }

  /** @param event that the picture belongs to; it must be on its way to the database */
  take(event: string): void {
    if (this.#waiting.size >= MOST_WAITING) return this.#miss(event);
    this.#waiting.set(event, this.#parts.clock());
  }

  arrived(frame: SeenFrame): void {
    if (this.#waiting.size === 0) return;
    for (const event of this.#waiting.keys()) this.#parts.recorder.keepPicture(event, 'snapshot', frame);
    this.#waiting.clear();
  }

  /** Once a second. */
  tick(now: number): void {
    for (const [event, at] of this.#waiting)
      if (now - at >= WAIT_MS) {
        this.#waiting.delete(event);
        this.#miss(event);
      }
  }

  stop(): void {
    for (const event of this.#waiting.keys()) this.#miss(event);
    this.#waiting.clear();
  }

  #miss(event: string): void {
    this.#parts.recorder.pictureMissing(event, 'snapshot');
  }
}
