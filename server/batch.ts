/** Maximum number of keys in one query. */
const MOST = 500;

/**
 * Questions to the database that come while one is under way are asked together by the next: under load one query for
 * many, and no waiting without it. Every answer is from after its question, as if each had been asked alone.
 */
export class Batch<K, V> {
  readonly #ask: (keys: readonly K[]) => Promise<readonly V[]>;
  #waiting: { readonly key: K; readonly resolve: (value: V) => void; readonly reject: (error: unknown) => void }[] = [];
  #running = false;

  /** @param ask answers by their keys' places */
  constructor(ask: (keys: readonly K[]) => Promise<readonly V[]>) {
    this.#ask = ask;
  }

  /** @throws the error of its query */
  find(key: K): Promise<V> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      // Lets the rest of this turn's questions join: an embedded database works in this thread, and would be asked by
      // each alone.
      await new Promise((resolve) => setImmediate(resolve));
      const together = this.#waiting.slice(0, MOST);
      this.#waiting = this.#waiting.slice(MOST);
      try {
        const values = await this.#ask(together.map(({ key }) => key));
        for (const [index, { resolve }] of together.entries()) resolve(values[index] as V);
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#running = false;
  }
}
