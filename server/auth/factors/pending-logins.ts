import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { randomToken, tokenHash } from '../logins/tokens.ts';
import { Expiring } from './expiring.ts';

const LIFE_MS = 5 * 60_000;
const MOST = 10_000;
const TRIES = 5;

/** A login whose password was right and whose second factor is still to come. */
export interface PendingLogin {
  readonly userId: string;
  /** The stored hash that the password was held against: after another one was set, this login is over. */
  readonly passwordHash: string;
}

/** As it is kept, under the hash of its token. */
export interface FoundLogin extends PendingLogin {
  readonly whose: string;
}

const keyOf = (token: string) => tokenHash(token).toString('base64url');

/** In memory: a restart begins them again. */
export class PendingLogins {
  readonly #pending: Expiring<PendingLogin & { tries: number; taken: boolean }>;

  constructor(clock: Clock) {
    this.#pending = new Expiring(clock, LIFE_MS, MOST);
  }

  /** @returns the token that the client goes on with */
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
   * For one of its tries: nobody else has it until it is put back, so that one pending login becomes one login. @throws
   * ProtocolError `unauthenticated`, `rate_limited`
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

  /** Its factor was not proven: there may be another try. */
  putBack({ whose }: Pick<FoundLogin, 'whose'>): void {
    const pending = this.#pending.get(whose);
    if (!pending) return;
    pending.taken = false;
    if (pending.tries >= TRIES) this.#pending.delete(whose);
  }

  /** Its factor was proven: the token counts no more. */
  finish({ whose }: { readonly whose: string }): void {
    this.#pending.delete(whose);
  }

  #pendingOf(whose: string): PendingLogin & { tries: number; taken: boolean } {
    const pending = this.#pending.get(whose);
    if (!pending)
      throw new ProtocolError(
        'unauthenticated',
        'the login timed out or had too many attempts: start again with the password',
        { refusal: { kind: 'second_factor_failed' } },
      );
    return pending;
  }
}
