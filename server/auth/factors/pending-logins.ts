import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { randomToken, tokenHash } from '../logins/tokens.ts';
import { Expiring } from './expiring.ts';

const LIFE_MS = 5 * 60_000;
const MOST = 10_000;
const TRIES = 5;

/** A login with a correct password and a pending second factor. */
export interface PendingLogin {
  readonly userId: string;
  /** Stored hash the password was checked against; once it changes, this login is void. */
  readonly passwordHash: string;
}

/** Stored under the hash of its token. */
export interface FoundLogin extends PendingLogin {
  readonly whose: string;
}

const keyOf = (token: string) => tokenHash(token).toString('base64url');

/** In memory: after a restart users start again. */
export class PendingLogins {
  readonly #pending: Expiring<PendingLogin & { tries: number; taken: boolean }>;

  constructor(clock: Clock) {
    this.#pending = new Expiring(clock, LIFE_MS, MOST);
  }

  /** @returns the token with which the client continues */
  begin(login: PendingLogin): string {
    const token = randomToken();
    this.#pending.set(keyOf(token), { ...login, tries: 0, taken: false });
    return token;
  }

  /** @throws ProtocolError `unauthenticated` */
  find(token: string): FoundLogin {
    const whose = keyOf(token);
    return { ...this.#pendingOf(whose), whose };
  }

  /**
   * Takes it for one attempt; nobody else has it until it is put back, so that a pending login becomes one login.
   * @throws ProtocolError `unauthenticated`, `rate_limited`
   */
  take(token: string): FoundLogin {
    const whose = keyOf(token);
    const pending = this.#pendingOf(whose);
    if (pending.taken)
      throw new ProtocolError('rate_limited', 'another second-factor check of this login is in progress', {
        retryable: true,
        retryAfterSeconds: 1,
        refusal: { kind: 'throttled', actor: pending.userId, target: pending.userId },
      });
    pending.taken = true;
    pending.tries += 1;
    return { ...pending, whose };
  }

  /** Second factor failed: allows another attempt. */
  putBack({ whose }: Pick<FoundLogin, 'whose'>): void {
    const pending = this.#pending.get(whose);
    if (!pending) return;
    pending.taken = false;
    if (pending.tries >= TRIES) this.#pending.delete(whose);
  }

  /** Second factor verified: invalidates the token. */
  finish({ whose }: { readonly whose: string }): void {
    this.#pending.delete(whose);
  }

  #pendingOf(whose: string): PendingLogin & { tries: number; taken: boolean } {
    const pending = this.#pending.get(whose);
    if (!pending)
      throw new ProtocolError(
        'unauthenticated',
        'the login timed out or had too many attempts; start again with the password',
        { refusal: { kind: 'second_factor_failed' } },
      );
    return pending;
  }
}
