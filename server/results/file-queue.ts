import { ProtocolError } from '../../protocol/errors.ts';

interface Place {
  readonly isLarge: boolean;
  readonly begin: () => void;
}

export interface FileQueueLimits {
  /** Files written at the same time. */
  readonly places: number;
  /** Of these, large ones; the others stay free for small ones. */
  readonly large: number;
  /** Files of other people that may wait. */
  readonly waiting: number;
}

const LIMITS: FileQueueLimits = { places: 2, large: 1, waiting: 8 };

const RETRY_SECONDS = 5;

/** Turns for files written in memory. One file per person, in order of request, and small ones pass large ones. */
export class FileQueue {
  readonly #limits: FileQueueLimits;
  readonly #waiting: Place[] = [];
  readonly #people = new Set<string>();
  #running = 0;
  #large = 0;

  constructor(limits: FileQueueLimits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * @param left aborts when the client is gone: a waiting file gives up its place at once, a running one with `work`
   * @throws ProtocolError `rate_limited` while the person has another file, `unavailable` while too many wait; the
   * reason of `left`
   */
  async run<T>(
    { person, isLarge, left }: { readonly person: string; readonly isLarge: boolean; readonly left: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T> {
    left.throwIfAborted();
    const later = { retryable: true, retryAfterSeconds: RETRY_SECONDS };
    if (this.#people.has(person))
      throw new ProtocolError('rate_limited', 'another file is being written for you; wait for it', later);
    if (this.#waiting.length >= this.#limits.waiting)
      throw new ProtocolError('unavailable', 'files for other people are being written', later);
    this.#people.add(person);
    try {
      await this.#turn(isLarge, left);
    } catch (error) {
      this.#people.delete(person);
      throw error;
    }
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (isLarge) this.#large -= 1;
      this.#people.delete(person);
      this.#next();
    }
  }

  #turn(isLarge: boolean, left: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const at = this.#waiting.indexOf(place);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        reject(left.reason as Error);
      };
      const begin = () => {
        left.removeEventListener('abort', leave);
        resolve();
      };
      const place: Place = { isLarge, begin };
      left.addEventListener('abort', leave, { once: true });
      this.#waiting.push(place);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#limits.places) {
      const at = this.#waiting.findIndex(({ isLarge }) => !isLarge || this.#large < this.#limits.large);
      const [place] = at === -1 ? [] : this.#waiting.splice(at, 1);
      if (!place) return;
      this.#running += 1;
      if (place.isLarge) this.#large += 1;
      place.begin();
    }
  }
}
