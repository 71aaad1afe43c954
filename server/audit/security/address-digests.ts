import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { addressKeyOf, deleteAddressKeys, listAddressKeys } from '../../../db/address-keys.ts';
import type { Db } from '../../../db/executor.ts';
import type { AddressDigest } from '../../../protocol/http/security.ts';
import { networkOf } from '../../auth/network.ts';
import type { Clock } from '../../clock.ts';

const DAY_MS = 24 * 3600 * 1000;
const KEY_BYTES = 32;
/** 96 bits: collisions between networks of one day are negligible. */
const DIGEST_BYTES = 12;

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/**
 * Digests of networks for the audit log: HMAC-SHA-256 with a key per day, derived from `secret`, which is not in the
 * database, and from random bytes that are. Once these are deleted after their retention, digests of that day can be
 * neither guessed nor linked.
 */
export class AddressDigests {
  readonly #db: Db;
  readonly #secret: Uint8Array;
  readonly #days: number;
  readonly #clock: Clock;
  /** Keys of days in use; one or two. */
  #keys = new Map<string, Uint8Array>();

  /** @param days retention of a key after its day; 0: no addresses are recorded */
  constructor(
    db: Db,
    { secret, days, clock }: { readonly secret: Uint8Array; readonly days: number; readonly clock: Clock },
  ) {
    this.#db = db;
    this.#secret = secret;
    this.#days = days;
    this.#clock = clock;
  }

  /** @param network from `networkOf` @returns undefined if none is recorded or that day's key is deleted */
  async of(network: string, at: number): Promise<AddressDigest | undefined> {
    const day = dayOf(at);
    if (this.#days === 0 || day < this.#oldest()) return undefined;
    let key = this.#keys.get(day);
    if (!key) {
      key = this.#derive(day, await addressKeyOf(this.#db, day, randomBytes(KEY_BYTES)));
      if (this.#keys.size > 1) this.#keys.clear();
      this.#keys.set(day, key);
    }
    return { day, digest: digestOf(key, network) };
  }

  /** Digest of an address for each day whose key is stored, newest first. */
  async everyDay(address: string): Promise<AddressDigest[]> {
    const network = networkOf(address);
    const oldest = this.#oldest();
    const keys = (await listAddressKeys(this.#db)).filter(({ day }) => day >= oldest);
    return keys.map(({ day, secret }) => ({ day, digest: digestOf(this.#derive(day, secret), network) }));
  }

  /** Deletes keys past their retention. @returns their number */
  async expire(): Promise<number> {
    const oldest = this.#oldest();
    for (const day of this.#keys.keys()) if (day < oldest) this.#keys.delete(day);
    return deleteAddressKeys(this.#db, oldest);
  }

  #oldest(): string {
    return this.#days === 0 ? dayOf(this.#clock() + DAY_MS) : dayOf(this.#clock() - this.#days * DAY_MS);
  }

  #derive(day: string, secret: Uint8Array): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#secret, secret, `invigil/audit/address/v1\n${day}`, KEY_BYTES));
  }
}

const digestOf = (key: Uint8Array, network: string): string =>
  createHmac('sha256', key).update(network).digest().subarray(0, DIGEST_BYTES).toString('base64url');
