import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';

const NAME = 'invigil-device';
/** Cookie path below the server's prefix: the only routes that read it. */
const PATH = '/api/auth';
const KEY_BYTES = 16;
const TIME_BYTES = 4;
const BYTES = KEY_BYTES + TIME_BYTES + 16;
/** Maximum accounts per browser, newest first: some proxies accept 4 KB of headers. */
const MAX_ACCOUNTS = 8;
const LIFE_S = 180 * 24 * 3600;

/**
 * Device cookies record that a browser has logged in to an account before. Per account: a random key, the time, and
 * HMAC-SHA256 (cut to 128 bits) over both and the email address. A device cookie grants no login: it decides which
 * attempts are counted together, and that a refresh token sent twice comes from the browser of the login.
 */
export class DeviceCookies {
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #path: string;

  /** @param basePath path prefix of the server, for browsers */
  constructor(secret: string, clock: Clock, basePath = '') {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'invigil device cookies', 32));
    this.#clock = clock;
    this.#path = basePath + PATH;
  }

  /** Key of an account in a request's `Cookie` header, by email address. */
  read(cookie: string, email: string): Buffer | undefined {
    return this.#entriesOf(cookie)
      .find((entry) => this.#isOf(entry, email))
      ?.subarray(0, KEY_BYTES);
  }

  /** @returns the existing key or a new one */
  keyFor(cookie: string, email: string): Buffer {
    return this.read(cookie, email) ?? randomBytes(KEY_BYTES);
  }

  /** `Set-Cookie` after a login, keeping the browser's entries of other accounts. */
  write(cookie: string, email: string, key: Uint8Array, secure: boolean): string {
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUInt32BE(Math.floor(this.#clock() / 1000));
    const head = Buffer.concat([key, time]);
    const others = this.#entriesOf(cookie).filter((entry) => !this.#isOf(entry, email));
    const value = [Buffer.concat([head, this.#mac(head, email)]), ...others]
      .slice(0, MAX_ACCOUNTS)
      .map((entry) => entry.toString('base64url'))
      .join('.');
    return `${NAME}=${value}; Path=${this.#path}; Max-Age=${LIFE_S}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
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
