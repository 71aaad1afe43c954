import type { Db } from '../../../db/executor.ts';
import { findUserByEmail, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Tokens } from '../../../protocol/http/accounts.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import { createAccount, type NewAccount } from './accounts.ts';
import { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import type { LoginOrigin, Logins } from '../logins/logins.ts';
import { checkNewPassword } from '../passwords/password-rules.ts';
import type { Passwords } from '../passwords/passwords.ts';

export interface RegistrationParts {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly logins: Logins;
  readonly security: Pick<SecurityLog, 'record'>;
  /** Whether self-registration is enabled. */
  readonly open: boolean;
}

/**
 * Self-registration. No mail is sent, so registering logs in at once, and a free address can be told from a taken one
 * by creating an account with it; that is limited and recorded. A refusal costs as much of the limit as an account, and
 * no more: more would shut a classroom out. All refusals read the same, and the account's own password logs in.
 */
export class Registration {
  readonly #parts: RegistrationParts;
  readonly #throttle = new RegistrationThrottle();

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#parts.open;
  }

  /**
   * @throws ProtocolError `registration_closed`, `registration_refused`, `weak_password`, `second_factor_required`,
   * `rate_limited`, `account_disabled` or `unavailable`
   */
  async register(account: NewAccount, from: LoginOrigin): Promise<Tokens> {
    const user = await this.#make(account, from);
    return user ? this.#parts.logins.begin(user, from) : this.#refusing(() => this.#parts.logins.login(account, from));
  }

  /** Registers without logging in, as ProctorBE does. @throws ProtocolError as `register` */
  async registerOnly(account: NewAccount, from: LoginOrigin): Promise<UserRow> {
    const user = await this.#make(account, from);
    if (user) return user;
    await this.#refusing(() => this.#parts.logins.identify(account, from));
    throw refused();
  }

  /** @returns undefined if an account with this address exists */
  async #make(account: NewAccount, { address }: LoginOrigin): Promise<UserRow | undefined> {
    const { db, passwords, security, open } = this.#parts;
    if (!open)
      throw new ProtocolError('registration_closed', 'self-registration is disabled; an admin creates accounts', {
        refusal: { kind: 'register_refused' },
      });
    // Before any lookup, so that the result depends on the request alone.
    checkNewPassword(account.password, account);
    const takeBack = await this.#throttle.admit(address);
    try {
      const user = (await findUserByEmail(db, account.email))
        ? undefined
        : await createAccount(db, passwords, account, 'student', undefined, {
            share: 'account',
            address,
            account: account.email,
          });
      if (user) security.record({ kind: 'registered', actor: user.id, target: user.id, address });
      return user;
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'email_taken') return undefined;
      takeBack();
      throw error;
    }
  }

  /** Costs as much as a new account and has the limits of a login. */
  async #refusing<T>(signIn: () => Promise<T>): Promise<T> {
    try {
      return await signIn();
    } catch (error) {
      if (error instanceof ProtocolError && (error.code === 'bad_credentials' || error.code === 'rate_limited'))
        throw refused();
      throw error;
    }
  }
}

const refused = () =>
  new ProtocolError('registration_refused', 'registration failed; if you already have an account, log in', {
    refusal: { kind: 'register_refused' },
  });
