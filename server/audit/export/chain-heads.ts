/** Head of a chain. */
export interface ChainHead {
  position: number;
  /** SHA-256 of its last entry as a string of 32 characters, one per byte. */
  hash: string;
}

/** Minimum number of cached chains; at most twice as many. About 200 bytes each. */
const REMEMBERED_CHAINS = 65_536;

/**
 * Cache of recently extended chains, in two generations: entries unused in one generation are dropped with the next.
 */
export class ChainHeads {
  readonly #limit: number;
  #young = new Map<string, ChainHead>();
  #old = new Map<string, ChainHead>();

  constructor(limit = REMEMBERED_CHAINS) {
    this.#limit = limit;
  }

  /** May be modified in place. */
  get(chain: string): ChainHead | undefined {
    const young = this.#young.get(chain);
    if (young) return young;
    const old = this.#old.get(chain);
    if (old) this.set(chain, old);
    return old;
  }

  set(chain: string, head: ChainHead): void {
    this.#young.set(chain, head);
    if (this.#young.size < this.#limit) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
