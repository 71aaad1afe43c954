import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../../db/executor.ts';
import {
  deleteFinishedLogins,
  endLogin,
  endLoginsOf,
  insertLogin,
  listLogins,
  type LoginRow,
  readLogin,
} from '../../../db/logins.ts';
import { findUserByEmail, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Tokens } from '../../../protocol/http/accounts.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import type { SecondStep } from '../factors/second-step.ts';
import type { LoginThrottle } from '../throttling/login-throttle.ts';
import type { Passwords } from '../passwords/passwords.ts';
import type { RefreshCodec } from './refresh-codec.ts';
import { IDLE_MS, Renewal } from './renewal.ts';
import type { Revocations } from './revocations.ts';
import { TokenGuesses } from '../throttling/token-guesses.ts';
import { ACCESS_SECONDS, type AccessTokens, isRandomToken } from './tokens.ts';
import { userView } from '../accounts/user-view.ts';

export interface LoginParts {
  readonly passwords: Passwords;
  readonly access: AccessTokens;
  readonly codec: RefreshCodec;
  readonly throttle: LoginThrottle;
  readonly revocations: Revocations;
  readonly security: Pick<SecurityLog, 'record'>;
  readonly clock: Clock;
  /** Absolute life of a login, ms. */
  readonly lifeMs: number;
  readonly secondStep?: Pick<SecondStep, 'afterPassword'>;
}

/** Where a login comes from. */
export interface LoginOrigin {
  readonly address: string;
  /** In short: `Firefox on Linux`. */
  readonly device?: string | undefined;
  /** Of the device cookie that was sent along, where it is this account's. */
  readonly knownKey?: Uint8Array | undefined;
  /** Of the device cookie that is sent back. */
  readonly deviceKey?: Uint8Array | undefined;
}

export interface Credentials {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  /** A code of the second factor that comes along. */
  readonly otp?: string | undefined;
}

/** Logins in a list. */
const MAX_LISTED = 100;
/** A login that is over is kept for so long: its tokens are told from forged ones by more than their form. */
const KEEP_MS = 24 * 3600 * 1000;
const FORGET_AT_ONCE = 500;

const disabled = (actor: string) =>
  new ProtocolError('account_disabled', 'account is disabled', { refusal: { kind: 'account_disabled', actor } });

/** Logins: their beginning, the refresh tokens that keep them, their end. */
export class Logins {
  readonly #db: Db;
  readonly #parts: LoginParts;
  readonly #renewal: Renewal;
  readonly #guesses = new TokenGuesses();

  constructor(db: Db, parts: LoginParts) {
    this.#db = db;
    this.#parts = parts;
    this.#renewal = new Renewal(db, parts);
  }

  /**
   * @throws ProtocolError `bad_credentials`, `second_factor_required`, `bad_second_factor`, `rate_limited`,
   * `account_disabled`, or `unavailable` while too many wait
   */
  async login(credentials: Credentials, from: LoginOrigin): Promise<Tokens> {
    const user = await this.identify(credentials, from);
    return this.begin(
      user,
      from,
      await this.#parts.secondStep?.afterPassword(user, credentials.otp, {
        address: from.address,
        deviceKey: from.knownKey,
      }),
    );
  }

  /**
   * The user whose password this is, which is not enough to begin a login: the account may have a second factor.
   * @throws ProtocolError `bad_credentials`, `rate_limited`, `account_disabled`, or `unavailable` while too many wait
   */
  async identify({ email, password }: Credentials, { address, knownKey }: LoginOrigin): Promise<UserRow> {
    const attempt = this.#parts.throttle.begin({ email, address, password, deviceKey: knownKey });
    const turn = {
      share: knownKey ? 'device' : 'login',
      address,
      account: email,
      admit: () => attempt.admit(),
    } as const;
    let user: UserRow | undefined;
    let matches: boolean;
    try {
      user = await findUserByEmail(this.#db, email);
      matches = await this.#parts.passwords.verify(user?.password_hash, password, turn);
    } catch (error) {
      attempt.notLookedAt();
      throw error;
    }
    if (!user || !matches) {
      attempt.failed(user?.id);
      throw new ProtocolError('bad_credentials', 'wrong e-mail address or password', {
        refusal: { kind: 'login_failed', target: user?.id },
      });
    }
    attempt.succeeded();
    if (user.disabled_at) throw disabled(user.id);
    return user;
  }

  /**
   * A new login of a user whose identity is established; `provenAt`: when the second factor was. @throws ProtocolError
   * `account_disabled`
   */
  async begin(user: UserRow, { address, device, deviceKey }: LoginOrigin, provenAt?: Date): Promise<Tokens> {
    const { clock, codec, lifeMs, security } = this.#parts;
    const now = clock();
    const login = {
      id: uuidv7(),
      user_id: user.id,
      created_at: new Date(now),
      idle_until: new Date(now + IDLE_MS),
      expires_at: new Date(now + lifeMs),
      salt: randomBytes(32),
      device: device ?? '',
      device_key: deviceKey ?? null,
      second_factor_at: provenAt ?? null,
    };
    if (!(await insertLogin(this.#db, login))) throw disabled(user.id);
    security.record({ kind: 'login', actor: user.id, target: login.id, address, staff: user.role !== 'student' });
    return this.#tokens(user, login.id, codec.encode(login.id, 0, login.salt));
  }

  /**
   * @param keyFor the key that the request's device cookie has for an account
   * @throws ProtocolError `unauthenticated`, `token_expired`, `refresh_raced`, `refresh_reused` or `account_disabled`
   */
  async refresh(
    refreshToken: string,
    keyFor: (email: string) => Uint8Array | undefined = () => undefined,
  ): Promise<Tokens> {
    const { user, login, refreshToken: newest } = await this.#renewal.renew(refreshToken, keyFor);
    return this.#tokens(user, login.id, newest);
  }

  /**
   * The login that a refresh token is of, by its signature alone. Tokens of before logins had rows have none: those are
   * counted.
   * @returns undefined for what has no signature
   * @throws ProtocolError `rate_limited` for too many such tokens of one network
   */
  signedFor(refreshToken: string, address: string): string | undefined {
    const claims = this.#parts.codec.decode(refreshToken);
    if (!claims && isRandomToken(refreshToken)) this.#guesses.take(address);
    return claims?.loginId;
  }

  /**
   * Ends the login that a refresh token is of, used or not, and of any age (RFC 7009). What is no token ends nothing,
   * and is told the same.
   */
  async logoutByToken(refreshToken: string, address: string): Promise<void> {
    const found = await this.#renewal.find(refreshToken).catch((error: unknown) => {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    });
    if (found) await this.logout(found.login, address);
  }

  /** Tells those who hold its sockets also when it was over before. */
  async logout(login: Pick<LoginRow, 'id' | 'user_id'>, address: string): Promise<void> {
    const { clock, revocations, security } = this.#parts;
    const ended = await endLogin(this.#db, login.id, new Date(clock()));
    revocations.loginEnded(login.id);
    if (ended) security.record({ kind: 'logout', actor: login.user_id, target: login.id, address });
  }

  /** Logins of a user that are not over, last used first. */
  list(userId: string): Promise<LoginRow[]> {
    return listLogins(this.#db, userId, new Date(this.#parts.clock()), MAX_LISTED);
  }

  /** Ends one of a user's own logins. @throws ProtocolError `not_found` */
  async endOwn(userId: string, loginId: string, address: string): Promise<void> {
    const found = await readLogin(this.#db, loginId);
    if (found?.login.user_id !== userId) throw new ProtocolError('not_found', 'login not found');
    await this.logout(found.login, address);
  }

  /** Ends all logins of a user, but for one. @returns how many there were */
  async endAll(userId: string, except: string | undefined, address: string): Promise<number> {
    const { clock, revocations, security } = this.#parts;
    const ended = await endLoginsOf(this.#db, userId, new Date(clock()), except);
    for (const id of ended) revocations.loginEnded(id);
    if (ended.length > 0) security.record({ kind: 'logins_ended', actor: userId, target: userId, address });
    return ended.length;
  }

  /** Forgets logins that have been over for a day, some at a time. */
  async forgetFinished(): Promise<void> {
    const before = new Date(this.#parts.clock() - KEEP_MS);
    while ((await deleteFinishedLogins(this.#db, before, FORGET_AT_ONCE)) === FORGET_AT_ONCE)
      await new Promise((resolve) => setImmediate(resolve));
  }

  async #tokens(user: UserRow, loginId: string, refreshToken: string): Promise<Tokens> {
    return {
      accessToken: await this.#parts.access.sign(user, loginId),
      refreshToken,
      expiresIn: ACCESS_SECONDS,
      user: userView(user),
    };
  }
}
