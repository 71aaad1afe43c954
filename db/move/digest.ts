import { createHash } from 'node:crypto';
import type { TextRow } from './rows.ts';

const MODULUS = 1n << 256n;

/** Number of rows, and a digest of their contents. */
export interface TableDigest {
  readonly rows: number;
  /** Hexadecimal. */
  readonly digest: string;
}

/**
 * Digest of rows in any order: the sum of each row's SHA-256 modulo 2^256. Two databases return rows in different orders,
 * and sort text by different rules.
 */
export class RowsDigest {
  #rows = 0;
  #sum = 0n;

  add(rows: readonly TextRow[]): void {
    for (const row of rows) {
      const hash = createHash('sha256');
      for (const value of row) {
        // With its length, so that no two different rows are the same bytes.
        hash.update(value === null ? '-;' : `${Buffer.byteLength(value)};`);
        if (value !== null) hash.update(value);
      }
      this.#sum = (this.#sum + BigInt(`0x${hash.digest('hex')}`)) % MODULUS;
      this.#rows += 1;
    }
  }

  get result(): TableDigest {
    return { rows: this.#rows, digest: this.#sum.toString(16).padStart(64, '0') };
  }
}
