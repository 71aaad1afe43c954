import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Recognises the operator's monitoring by `METRICS_TOKEN`, not by address: a proxy on the same machine that adds no
 * header looks like localhost. Without the setting, everyone is admitted outside production and no one in production.
 */
export class MonitorToken {
  readonly #expected: Buffer | undefined;
  readonly #openWithout: boolean;

  constructor(token: string | undefined, production: boolean) {
    this.#expected = token === undefined ? undefined : digest(token);
    this.#openWithout = !production;
  }

  /** @param authorization raw header */
  admits(authorization: string): boolean {
    if (this.#expected === undefined) return this.#openWithout;
    const given = /^bearer +(\S+)$/i.exec(authorization)?.[1];
    return given !== undefined && timingSafeEqual(digest(given), this.#expected);
  }
}
