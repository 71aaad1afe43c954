import type { Db } from '../../../db/executor.ts';
import { hasAdmin, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { createAccount, type NewAccount } from './accounts.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { randomToken, tokenHash } from '../logins/tokens.ts';

/** Whoever finds an old link in a terminal or a file must not become admin. */
const LINK_LIFE_MS = 24 * 60 * 60_000;

/** There is no default account: the first admin comes from the environment or from a one-time link. */
export class FirstAdmin {
  readonly #db: Db;
  readonly #passwords: Passwords;
  readonly #clock: Clock;
  #linkHash: Buffer | undefined;
  #linkUntil = 0;

  constructor(db: Db, passwords: Passwords, clock: Clock = Date.now) {
    this.#db = db;
    this.#passwords = passwords;
    this.#clock = clock;
  }

  /** @returns a token for the setup page if there is no admin and the environment names none */
  async prepare(fromEnvironment: NewAccount | undefined): Promise<string | undefined> {
    if (await hasAdmin(this.#db)) return undefined;
    if (fromEnvironment) {
      try {
        await this.#create(fromEnvironment);
      } catch (error) {
        // Another server starting on the same database may have been first.
        if (!(await hasAdmin(this.#db))) throw error;
      }
      return undefined;
    }
    const token = randomToken();
    this.#linkHash = tokenHash(token);
    this.#linkUntil = this.#clock() + LINK_LIFE_MS;
    return token;
  }

  /** @throws ProtocolError `setup_closed` */
  async redeem(token: string, admin: NewAccount): Promise<UserRow> {
    const closed = () =>
      new ProtocolError('setup_closed', 'the link is invalid or has expired, or an admin already exists', {
        refusal: { kind: 'setup_refused' },
      });
    if (!this.#linkHash?.equals(tokenHash(token)) || this.#clock() >= this.#linkUntil) throw closed();
    // Consumed before the first await, so that two requests cannot both use it.
    const hash = this.#linkHash;
    this.#linkHash = undefined;
    try {
      if (await hasAdmin(this.#db)) throw closed();
      return await this.#create(admin);
    } catch (error) {
      if (!(error instanceof ProtocolError && error.code === 'setup_closed')) this.#linkHash = hash;
      throw error;
    }
  }

  #create(admin: NewAccount): Promise<UserRow> {
    return createAccount(this.#db, this.#passwords, admin, 'admin', null);
  }
}
