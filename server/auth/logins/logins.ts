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
  /** Absolute lifetime of a login, ms. */
  readonly lifeMs: number;
  readonly secondStep?: Pick<SecondStep, 'afterPassword'>;
}

/** Origin of a login. */
export interface LoginOrigin {
  readonly address: string;
  /** Short description, such as `Firefox on Linux`. */
  readonly device?: string | undefined;
  /** Key of the request's device cookie for this account, if any. */
  readonly knownKey?: Uint8Array | undefined;
  /** Key for the device cookie of the response. */
  readonly deviceKey?: Uint8Array | undefined;
}

export interface Credentials {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  /** Code of the second factor, if sent along. */
  readonly otp?: string | undefined;
}

/** Maximum logins in a list. */
const MAX_LISTED = 100;
/** How long ended logins are kept, so that their tokens are still recognised as genuine, ms. */
const KEEP_MS = 24 * 3600 * 1000;
const FORGET_AT_ONCE = 500;

const disabled = (actor: string) =>
  new ProtocolError('account_disabled', 'account is disabled', { refusal: { kind: 'account_disabled', actor } });

/** Starts, renews and ends logins. */
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
   * User with this address and password. Not sufficient for a login: the account may have a second factor.
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
      throw new ProtocolError('bad_credentials', 'wrong email address or password', {
        refusal: { kind: 'login_failed', target: user?.id },
      });
    }
    attempt.succeeded();
    if (user.disabled_at) throw disabled(user.id);
    return user;
  }

  /**
   * Starts a login of an authenticated user.
   * @param provenAt when the second factor was verified
   * @throws ProtocolError `account_disabled`
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
   * @param keyFor key of an account in the request's device cookie
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
   * Login of a refresh token, by signature only. Tokens issued before logins had rows carry no id; those are
   * rate-limited.
   * @returns undefined for a token without a signature
   * @throws ProtocolError `rate_limited` for too many such tokens from one network
   */
  signedFor(refreshToken: string, address: string): string | undefined {
    const claims = this.#parts.codec.decode(refreshToken);
    if (!claims && isRandomToken(refreshToken)) this.#guesses.take(address);
    return claims?.loginId;
  }

  /**
   * Ends the login of a refresh token, used or not, of any age (RFC 7009). An invalid token ends nothing and gets the
   * same response.
   */
  async logoutByToken(refreshToken: string, address: string): Promise<void> {
    const found = await this.#renewal.find(refreshToken).catch((error: unknown) => {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    });
    if (found) await this.logout(found.login, address);
  }

  /** Also notifies its sockets if it had already ended. */
  async logout(login: Pick<LoginRow, 'id' | 'user_id'>, address: string): Promise<void> {
    const { clock, revocations, security } = this.#parts;
    const ended = await endLogin(this.#db, login.id, new Date(clock()));
    revocations.loginEnded(login.id);
    if (ended) security.record({ kind: 'logout', actor: login.user_id, target: login.id, address });
  }

  /** Active logins of a user, most recently used first. */
  list(userId: string): Promise<LoginRow[]> {
    return listLogins(this.#db, userId, new Date(this.#parts.clock()), MAX_LISTED);
  }

  /** Ends one of the user's logins. @throws ProtocolError `not_found` */
  async endOwn(userId: string, loginId: string, address: string): Promise<void> {
    const found = await readLogin(this.#db, loginId);
    if (found?.login.user_id !== userId) throw new ProtocolError('not_found', 'login not found');
    await this.logout(found.login, address);
  }

  /** Ends all logins of a user except one. @returns their number */
  async endAll(userId: string, except: string | undefined, address: string): Promise<number> {
    const { clock, revocations, security } = this.#parts;
    const ended = await endLoginsOf(this.#db, userId, new Date(clock()), except);
    for (const id of ended) revocations.loginEnded(id);
    if (ended.length > 0) security.record({ kind: 'logins_ended', actor: userId, target: userId, address });
    return ended.length;
  }

  /** Deletes logins that ended more than a day ago, in batches. */
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
