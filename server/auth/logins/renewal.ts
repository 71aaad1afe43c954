import type { Db } from '../../../db/executor.ts';
import { endLogin, findEarlierToken, type LoginRow, readLogin, rotateLogin } from '../../../db/logins.ts';
import { sitsSince } from '../../../db/sessions.ts';
import type { UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import type { RefreshCodec } from './refresh-codec.ts';
import type { Revocations } from './revocations.ts';
import { isRandomToken, tokenHash } from './tokens.ts';

/** Idle timeout of a login, ms. */
export const IDLE_MS = 30 * 24 * 3600 * 1000;
/**
 * A token may be presented again within this time, ms, for a client that lost the response; it gets the same response.
 */
const RETRY_MS = 10_000;
/**
 * Within this time of a renewal the old token may come from another tab of the login, ms: it is refused without ending
 * the login.
 */
const RACE_MS = 120_000;
/** Retries when another rotation intervenes between read and write. */
const TRIES = 5;

/** A running exam outlasts the end of its login by at most this, ms. */
const EXAM_MS = 24 * 3600 * 1000;

const forged = () =>
  new ProtocolError('unauthenticated', 'invalid refresh token', { refusal: { kind: 'token_forged' } });
const raced = () =>
  new ProtocolError('refresh_raced', 'refresh token was just renewed; use the tokens of that response');
const expired = (login?: LoginRow) =>
  new ProtocolError(
    'token_expired',
    'login has expired',
    login && { refusal: { kind: 'login_expired', actor: login.user_id, target: login.id } },
  );
const over = () => new ProtocolError('refresh_reused', 'login has ended');
const reused = ({ user_id, id }: LoginRow) =>
  new ProtocolError('refresh_reused', 'refresh token was already used; the login has ended', {
    refusal: { kind: 'refresh_reused', actor: user_id, target: id },
  });

/** A login as named by a refresh token. */
export interface Presented {
  readonly login: LoginRow;
  readonly user: UserRow;
  /** Generation of the token; lower than the login's own if already used. */
  readonly generation: number;
}

/** Newest refresh token of a login, and its user. */
export interface Renewed {
  readonly login: LoginRow;
  readonly user: UserRow;
  readonly refreshToken: string;
}

export interface RenewalParts {
  readonly codec: RefreshCodec;
  readonly revocations: Revocations;
  readonly clock: Clock;
}

/**
 * Rotation of refresh tokens with reuse detection (RFC 9700, section 4.14.2). A repeated token gets the newest one if
 * it may be an honest race: within `RETRY_MS`, or from the browser of the login, proven by its device cookie. Within
 * `RACE_MS` it is refused without consequences. Any other old token counts as stolen and ends the login.
 */
export class Renewal {
  readonly #db: Db;
  readonly #parts: RenewalParts;

  constructor(db: Db, parts: RenewalParts) {
    this.#db = db;
    this.#parts = parts;
  }

  /**
   * Login named by a token, used or not, active or ended; undefined for a token of another issuer.
   * @throws ProtocolError `token_expired` for a deleted login
   */
  async find(token: string): Promise<Presented | undefined> {
    const claims = this.#parts.codec.decode(token);
    if (claims) {
      const found = await readLogin(this.#db, claims.loginId);
      if (!found) throw expired();
      return this.#parts.codec.matches(claims, found.login.salt)
        ? { ...found, generation: claims.generation }
        : undefined;
    }
    if (!isRandomToken(token)) return undefined;
    const earlier = await findEarlierToken(this.#db, tokenHash(token));
    const found = earlier && (await readLogin(this.#db, earlier.loginId));
    return found && { ...found, generation: earlier.generation };
  }

  /**
   * @param keyFor key of an account in the request's device cookie
   * @throws ProtocolError `unauthenticated`, `token_expired`, `refresh_raced`, `refresh_reused` or `account_disabled`
   */
  async renew(token: string, keyFor: (email: string) => Uint8Array | undefined): Promise<Renewed> {
    for (let tries = 0; tries < TRIES; tries++) {
      const presented = await this.find(token);
      if (!presented) throw forged();
      const { login, user, generation } = presented;
      const now = this.#parts.clock();
      if (user.disabled_at) throw new ProtocolError('account_disabled', 'account is disabled');
      if (login.ended_at) throw over();
      await this.#checkLife(login, now);
      if (generation > login.generation) throw forged();
      if (generation < login.generation) return this.#again(presented, keyFor(user.email), now);
      if (await rotateLogin(this.#db, login.id, generation, { at: new Date(now), idleUntil: new Date(now + IDLE_MS) }))
        return this.#renewed(presented, generation + 1);
    }
    throw new ProtocolError('unavailable', 'a renewal of this login is in progress; retry', { retryable: true });
  }

  /** @throws ProtocolError `token_expired` */
  async #checkLife(login: LoginRow, now: number): Promise<void> {
    if (login.idle_until.getTime() <= now) throw expired(login);
    const left = login.expires_at.getTime() - now;
    if (left > 0) return;
    if (left + EXAM_MS <= 0 || !(await sitsSince(this.#db, login.user_id, login.expires_at))) throw expired(login);
  }

  /** Handles a token that was already used. */
  async #again(presented: Presented, deviceKey: Uint8Array | undefined, now: number): Promise<Renewed> {
    const { login, generation } = presented;
    const sinceRotated = now - login.rotated_at.getTime();
    const isParent = generation === login.generation - 1;
    const sameDevice =
      login.device_key !== null && deviceKey !== undefined && Buffer.from(login.device_key).equals(deviceKey);
    if (sameDevice || (isParent && sinceRotated <= RETRY_MS)) return this.#renewed(presented, login.generation);
    if (isParent && sinceRotated <= RACE_MS) throw raced();
    await endLogin(this.#db, login.id, new Date(now));
    this.#parts.revocations.loginEnded(login.id);
    throw reused(login);
  }

  #renewed({ login, user }: Presented, generation: number): Renewed {
    return { login, user, refreshToken: this.#parts.codec.encode(login.id, generation, login.salt) };
  }
}
