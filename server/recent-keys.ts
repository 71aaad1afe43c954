/** Keys to which something happened within a time. At most `maxKeys`: the oldest are forgotten first. */
export class RecentKeys {
  readonly #keepMs: number;
  readonly #maxKeys: number;
  readonly #at = new Map<string, number>();

  constructor(keepMs: number, maxKeys = 10_000) {
    this.#keepMs = keepMs;
    this.#maxKeys = maxKeys;
  }

  /** @param now monotonic, ms */
  add(key: string, now: number): void {
    // Again at the end: the map is in order of time.
    this.#at.delete(key);
    this.#at.set(key, now);
    for (const oldest of this.#at.keys()) {
      if (this.#at.size <= this.#maxKeys) return;
      this.#at.delete(oldest);
    }
  }

  has(key: string, now: number): boolean {
    const at = this.#at.get(key);
    return at !== undefined && now - at < this.#keepMs;
  }
}
