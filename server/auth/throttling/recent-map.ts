/** Map of bounded size that evicts the oldest entry. Writing makes an entry the newest. */
export class RecentMap<V> {
  readonly #max: number;
  readonly #entries = new Map<string, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [eldest] = this.#entries.keys();
    if (this.#entries.size > this.#max && eldest !== undefined) this.#entries.delete(eldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
