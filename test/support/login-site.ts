import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import type { SecurityRecord } from '../../server/audit/security/security-log.ts';
import { LoginThrottle } from '../../server/auth/throttling/login-throttle.ts';
import { Logins } from '../../server/auth/logins/logins.ts';
import { Passwords } from '../../server/auth/passwords/passwords.ts';
import { RefreshCodec } from '../../server/auth/logins/refresh-codec.ts';
import { Revocations } from '../../server/auth/logins/revocations.ts';
import { AccessTokens } from '../../server/auth/logins/tokens.ts';
import { CHEAP_HASHES } from './admin.ts';
import { createDatabase, type Kind } from './databases.ts';
import { makeUser, T0 } from './rows.ts';

const LIFE_MS = 30 * 24 * 3600 * 1000;

/** Logins over a real database, with a clock that tests move. */
export class LoginSite {
  readonly database: OpenDatabase;
  readonly passwords = new Passwords(undefined, CHEAP_HASHES);
  readonly access: AccessTokens;
  readonly logins: Logins;
  /** Ended logins as notified, in order. */
  readonly ended: string[] = [];
  /** Security records for the audit log, in order. */
  readonly acts: SecurityRecord[] = [];
  now = T0;
  readonly #remove: () => Promise<void>;

  private constructor(database: OpenDatabase, remove: () => Promise<void>) {
    const clock = () => this.now;
    this.database = database;
    this.#remove = remove;
    const secret = 'a-secret-of-more-than-thirty-two-characters';
    this.access = new AccessTokens(secret, clock);
    const revocations = new Revocations();
    revocations.onLoginEnded((id) => this.ended.push(id));
    this.logins = new Logins(database.db, {
      passwords: this.passwords,
      access: this.access,
      codec: new RefreshCodec(secret),
      throttle: new LoginThrottle(() => this.now),
      revocations,
      security: { record: (act) => void this.acts.push(act) },
      clock,
      lifeMs: LIFE_MS,
    });
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
}
