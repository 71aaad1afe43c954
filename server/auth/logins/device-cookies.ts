import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';

const NAME = 'invigil-device';
/** The only paths that read it. */
const PATH = '/api/auth';
const KEY_BYTES = 16;
const TIME_BYTES = 4;
const BYTES = KEY_BYTES + TIME_BYTES + 16;
/** Accounts of one browser, the latest ones: a request's headers may have 4 KB in all. */
const MAX_ACCOUNTS = 8;
const LIFE_S = 180 * 24 * 3600;

/**
 * Device cookies: that this browser signed in to an account before. For each account a random key, the time and
 * HMAC-SHA256, cut to 128 bits, over both and the address. It signs nobody in: it tells whose tries are counted
 * together, and that a refresh token which comes twice comes from the browser that has the login.
 */
export class DeviceCookies {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(secret: string, clock: Clock) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'invigil device cookies', 32));
    this.#clock = clock;
  }

  /** The key that a request's `Cookie` header has for an account, by its address. */
  read(cookie: string, email: string): Buffer | undefined {
    return this.#entriesOf(cookie)
      .find((entry) => this.#isOf(entry, email))
      ?.subarray(0, KEY_BYTES);
  }

  /** @returns a new key, and the one of before where there is one */
  keyFor(cookie: string, email: string): Buffer {
    return this.read(cookie, email) ?? randomBytes(KEY_BYTES);
  }

  /** `Set-Cookie` for a browser that has signed in, with what it has of other accounts. */
  write(cookie: string, email: string, key: Uint8Array, secure: boolean): string {
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUInt32BE(Math.floor(this.#clock() / 1000));
    const head = Buffer.concat([key, time]);
    const others = this.#entriesOf(cookie).filter((entry) => !this.#isOf(entry, email));
    const value = [Buffer.concat([head, this.#mac(head, email)]), ...others]
      .slice(0, MAX_ACCOUNTS)
      .map((entry) => entry.toString('base64url'))
      .join('.');
    return `${NAME}=${value}; Path=${PATH}; Max-Age=${LIFE_S}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  }

  #entriesOf(cookie: string): Buffer[] {
    const value =
      cookie
        .split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${NAME}=`))
        ?.slice(NAME.length + 1) ?? '';
    return value
      .split('.')
      .slice(0, MAX_ACCOUNTS)
      .map((entry) => Buffer.from(entry, 'base64url'))
      .filter((entry) => entry.length === BYTES);
  }

  #isOf(entry: Buffer, email: string): boolean {
    const head = entry.subarray(0, KEY_BYTES + TIME_BYTES);
    const age = this.#clock() / 1000 - head.readUInt32BE(KEY_BYTES);
    return timingSafeEqual(this.#mac(head, email), entry.subarray(KEY_BYTES + TIME_BYTES)) && age < LIFE_S;
  }

  #mac(head: Buffer, email: string): Buffer {
    return createHmac('sha256', this.#key).update(head).update(email).digest().subarray(0, 16);
  }
}
