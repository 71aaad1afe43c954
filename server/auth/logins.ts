import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/executor.ts';
import { endLogin, insertLogin } from '../../db/logins.ts';
import { findUserByEmail, type UserRow } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { Clock } from '../clock.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { Passwords } from './passwords.ts';
import type { RefreshCodec } from './refresh-codec.ts';
import { IDLE_MS, Renewal } from './renewal.ts';
import type { Revocations } from './revocations.ts';
import { ACCESS_SECONDS, type AccessTokens } from './tokens.ts';
import { userView } from './user-view.ts';

export interface LoginParts {
  readonly passwords: Passwords;
  readonly access: AccessTokens;
  readonly codec: RefreshCodec;
  readonly throttle: LoginThrottle;
  readonly revocations: Revocations;
  readonly clock: Clock;
  /** Absolute life of a login, ms. */
  readonly lifeMs: number;
}

const disabled = () => new ProtocolError('account_disabled', 'this account is disabled');

/** Logins: their beginning, the refresh tokens that keep them, their end. */
export class Logins {
  readonly #db: Db;
  readonly #parts: LoginParts;
  readonly #renewal: Renewal;

  constructor(db: Db, parts: LoginParts) {
    this.#db = db;
    this.#parts = parts;
    this.#renewal = new Renewal(db, parts);
  }

  /** `email` in lower case. @throws ProtocolError `bad_credentials`, `rate_limited`, `account_disabled`, or `unavailable` while too many wait */
  async login(email: string, password: string, address: string): Promise<Tokens> {
    const { throttle } = this.#parts;
    await throttle.check(email, address);
    const user = await this.#identify(email, password).catch(async (error: unknown) => {
      // No password was looked at: that is not a failure of whoever asked.
      await throttle.takeBack(email, address);
      throw error;
    });
    if (!user) throw new ProtocolError('bad_credentials', 'the address or the password is wrong');
    if (user.disabled_at) throw disabled();
    await throttle.clear(email, address);
    return this.begin(user);
  }

  /** A new login of a user whose identity is established. @throws ProtocolError `account_disabled` */
  async begin(user: UserRow): Promise<Tokens> {
    const { clock, codec, lifeMs } = this.#parts;
    const now = clock();
    const login = { id: uuidv7(), user_id: user.id, created_at: new Date(now), idle_until: new Date(now + IDLE_MS), expires_at: new Date(now + lifeMs), salt: randomBytes(32) };
    if (!(await insertLogin(this.#db, login))) throw disabled();
    return this.#tokens(user, login.id, codec.encode(login.id, 0, login.salt));
  }

  /** @throws ProtocolError `unauthenticated`, `token_expired`, `refresh_raced`, `refresh_reused` or `account_disabled` */
  async refresh(refreshToken: string, deviceKey?: Uint8Array): Promise<Tokens> {
    const { user, login, refreshToken: newest } = await this.#renewal.renew(refreshToken, deviceKey);
    return this.#tokens(user, login.id, newest);
  }

  async logout(loginId: string): Promise<void> {
    await endLogin(this.#db, loginId, new Date(this.#parts.clock()));
    this.#parts.revocations.loginEnded(loginId);
  }

  /** @returns the user whose password this is */
  async #identify(email: string, password: string): Promise<UserRow | undefined> {
    const user = await findUserByEmail(this.#db, email);
    return (await this.#parts.passwords.verify(user?.password_hash, password)) ? user : undefined;
  }

  async #tokens(user: UserRow, loginId: string, refreshToken: string): Promise<Tokens> {
    return { accessToken: await this.#parts.access.sign(user, loginId), refreshToken, expiresIn: ACCESS_SECONDS, user: userView(user) };
  }
}
