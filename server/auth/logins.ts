import { uuidv7 } from 'uuidv7';
import type { Db, Executor } from '../../db/executor.ts';
import { insertRefreshToken, lockRefreshToken, markUsed, revokeChildren, revokeFamily } from '../../db/refresh-tokens.ts';
import { findUserByEmail, type UserRow } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { Clock } from '../clock.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { Passwords } from './passwords.ts';
import type { Revocations } from './revocations.ts';
import { ACCESS_SECONDS, type AccessTokens, randomToken, tokenHash } from './tokens.ts';
import { userView } from './user-view.ts';

const REFRESH_MS = 30 * 24 * 3600 * 1000;
/** A client whose answer was lost may present the same token again for so long. */
const RETRY_MS = 10_000;

const disabled = () => new ProtocolError('account_disabled', 'this account is disabled');
const reused = (actor: string, loginId: string) =>
  new ProtocolError('refresh_reused', 'this refresh token was used before; the login is closed', { refusal: { kind: 'refresh_reused', actor, target: loginId } });

/** Logins and the families of refresh tokens that keep them (RFC 9700, section 4.14.2: rotation with reuse detection). */
export class Logins {
  readonly #db: Db;
  readonly #parts: { passwords: Passwords; access: AccessTokens; throttle: LoginThrottle; revocations: Revocations; clock: Clock };

  constructor(db: Db, parts: { passwords: Passwords; access: AccessTokens; throttle: LoginThrottle; revocations: Revocations; clock: Clock }) {
    this.#db = db;
    this.#parts = parts;
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
    return this.#issue(this.#db, user, uuidv7(), null);
  }

  /** @throws ProtocolError `unauthenticated`, `token_expired`, `refresh_reused` or `account_disabled` */
  async refresh(refreshToken: string): Promise<Tokens> {
    const now = this.#parts.clock();
    const outcome = await this.#db.transaction().execute(async (tx) => {
      const found = await lockRefreshToken(tx, tokenHash(refreshToken));
      if (!found) throw new ProtocolError('unauthenticated', 'not a valid refresh token', { refusal: { kind: 'token_forged' } });
      const { token, user, childUsed } = found;
      if (user.disabled_at) throw disabled();
      if (token.expires_at.getTime() <= now) throw new ProtocolError('token_expired', 'the refresh token has expired');
      const retry = token.used_at !== null && !childUsed && now - token.used_at.getTime() <= RETRY_MS;
      if (token.revoked_at || (token.used_at && !retry)) {
        // Thrown after the commit: throwing here would undo the revocation.
        await revokeFamily(tx, token.family_id, new Date(now));
        return { reusedFamily: token.family_id, userId: user.id };
      }
      if (retry) await revokeChildren(tx, token.id, new Date(now));
      else await markUsed(tx, token.id, new Date(now));
      return { tokens: await this.#issue(tx, user, token.family_id, token.id) };
    });
    if (outcome.tokens) return outcome.tokens;
    this.#parts.revocations.loginEnded(outcome.reusedFamily);
    throw reused(outcome.userId, outcome.reusedFamily);
  }

  async logout(loginId: string): Promise<void> {
    await revokeFamily(this.#db, loginId, new Date(this.#parts.clock()));
    this.#parts.revocations.loginEnded(loginId);
  }

  /** @returns the user whose password this is */
  async #identify(email: string, password: string): Promise<UserRow | undefined> {
    const user = await findUserByEmail(this.#db, email);
    return (await this.#parts.passwords.verify(user?.password_hash, password)) ? user : undefined;
  }

  async #issue(ex: Executor, user: UserRow, familyId: string, parentId: string | null): Promise<Tokens> {
    const now = this.#parts.clock();
    const refreshToken = randomToken();
    const issued = await insertRefreshToken(ex, {
      id: uuidv7(),
      family_id: familyId,
      user_id: user.id,
      parent_id: parentId,
      token_hash: tokenHash(refreshToken),
      issued_at: new Date(now),
      expires_at: new Date(now + REFRESH_MS),
    });
    if (!issued) throw disabled();
    const accessToken = await this.#parts.access.sign(user, familyId);
    return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS, user: userView(user) };
  }
}
