/** Burst size, and the sustained rate. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Times are milliseconds of a clock that is never set, such as `performance.now`. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes tokens. @returns false, and takes none, when there are not enough */
  take(cost: number, now: number): boolean {
    this.#refill(now);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Whether that many tokens are left. */
  has(cost: number, now: number): boolean {
    this.#refill(now);
    return this.#tokens >= cost;
  }

  giveBack(count: number): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + count);
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(
      this.#rate.burst,
      this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond,
    );
    this.#at = now;
  }
}

/**
 * Maximum number of keys, some 100 bytes each. Beyond it the oldest are dropped: an attacker with that many addresses
 * gains little by it.
 */
const MAX_KEYS = 50_000;

/** A bucket for each key: an address, a network. Full buckets are dropped when room is needed. */
export class KeyedBuckets {
  readonly #rate: Rate;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, maxKeys = MAX_KEYS) {
    this.#rate = rate;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(key: string, now: number): boolean {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= this.#maxKeys) this.#makeRoom(now);
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(key, bucket);
    }
    return bucket.take(1, now);
  }

  /** Drops at least a quarter, so that this is rare. */
  #makeRoom(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#maxKeys * 0.75) return;
      this.#buckets.delete(key);
    }
  }
}
