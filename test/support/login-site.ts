import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { LoginThrottle } from '../../server/auth/login-throttle.ts';
import { Logins } from '../../server/auth/logins.ts';
import { Passwords } from '../../server/auth/passwords.ts';
import { Revocations } from '../../server/auth/revocations.ts';
import { AccessTokens } from '../../server/auth/tokens.ts';
import { createDatabase, type Kind } from './databases.ts';
import { makeUser, T0 } from './rows.ts';

/** Logins over a real database, with a clock that tests move. */
export class LoginSite {
  readonly database: OpenDatabase;
  readonly passwords = new Passwords();
  readonly access: AccessTokens;
  readonly logins: Logins;
  /** Logins that were told to be over, in order. */
  readonly ended: string[] = [];
  now = T0;
  readonly #remove: () => Promise<void>;

  private constructor(database: OpenDatabase, remove: () => Promise<void>) {
    const clock = () => this.now;
    this.database = database;
    this.#remove = remove;
    this.access = new AccessTokens('a-secret-of-more-than-thirty-two-characters', clock);
    const revocations = new Revocations();
    revocations.onLoginEnded((id) => this.ended.push(id));
    this.logins = new Logins(database.db, { passwords: this.passwords, access: this.access, throttle: new LoginThrottle(), revocations, clock });
  }

  static async open(kind: Kind): Promise<LoginSite> {
    const at = await createDatabase(kind);
    const database = await openDatabase(at);
    await migrate(database.db);
    return new LoginSite(database, () => at.remove());
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.#remove();
  }

  async user(password: string) {
    return makeUser(this.database.db, 'student', { password_hash: await this.passwords.hash(password) });
  }

  /** Refresh tokens of a login that could still be used for the first time. */
  async liveTokens(loginId: string): Promise<number> {
    const rows = await this.database.db
      .selectFrom('refresh_tokens')
      .select('id')
      .where('family_id', '=', loginId)
      .where('revoked_at', 'is', null)
      .where('used_at', 'is', null)
      .execute();
    return rows.length;
  }
}
