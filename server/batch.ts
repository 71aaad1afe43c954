/** Maximum number of keys in one query. */
const MOST = 500;

/**
 * Batches lookups: those that arrive during a query share the next one. Under load one query serves many; without load
 * nothing waits. Each answer is read after its call, as if it had been asked alone.
 */
export class Batch<K, V> {
  readonly #ask: (keys: readonly K[]) => Promise<readonly V[]>;
  #waiting: { readonly key: K; readonly resolve: (value: V) => void; readonly reject: (error: unknown) => void }[] = [];
  #running = false;

  /** @param ask returns the values in the order of the keys */
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
      // The rest of this turn's lookups join: the embedded database works in this thread and would get one query each.
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
