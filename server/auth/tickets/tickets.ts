import { hkdfSync, randomUUID } from 'node:crypto';
import { findApiKey } from '../../../db/api-keys.ts';
import type { Db } from '../../../db/executor.ts';
import { findLogin, findLogins, type LoginState } from '../../../db/logins.ts';
import { isStudent } from '../accounts/is-student.ts';
import { deleteExpiredTickets, markTicketUsed } from '../../../db/used-tickets.ts';
import { CLOSE, ProtocolError } from '../../../protocol/errors.ts';
import type { Ticket } from '../../../protocol/http/sessions.ts';
import type { SecurityKind } from '../../../protocol/security-kinds.ts';
import type { Clock } from '../../clock.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { decodeTicket, encodeTicket, type Purpose, type TicketClaims } from './ticket-codec.ts';
import { isLive } from '../keys/api-keys.ts';
import type { KeyCaller } from '../keys/caller.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import { ACCESS_SECONDS, type AccessClaims } from '../logins/tokens.ts';

export const TICKET_MS = 30_000;
/** Limit per user and endpoint: one ticket per connection, or per console of a reopened wall. */
const ISSUE_RATE = { burst: 200, perSecond: 2 };
const ISSUE_RETRY_S = 1;
/** A confirmation is retried while a socket waits for it, which is shorter than this, ms. */
const UNANSWERED_MS = 3_600_000;
const URLS = { exam: '/ws/exam', console: '/ws/console' } as const;

export interface Standing {
  readonly rightful: boolean;
  readonly role: Role | undefined;
}

interface Confirmation {
  readonly rightful: boolean;
  readonly login: LoginState | undefined;
}

/** One message for all reasons; the audit log has the reason. */
const bad = (kind: SecurityKind, claims?: TicketClaims) =>
  new ProtocolError('bad_ticket', 'ticket is invalid, used or older than 30 s', {
    close: CLOSE.unauthenticated,
    refusal: { kind, actor: claims?.userId, target: claims?.sessionId },
  });

/**
 * Single-use admission to one socket (rule C3), in two steps. `check` is synchronous, for the upgrade: signature, time,
 * and tickets used in this process. `confirm` asks the database, which knows of all processes.
 */
export class Tickets {
  readonly #db: Db;
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #basePath: string;
  readonly #issued = new KeyedBuckets(ISSUE_RATE);
  /** Tickets used in this process, with their expiry. */
  readonly #used = new Map<string, number>();
  /** Confirmations without a response, with their expiry; the database may have marked them anyway. */
  readonly #unanswered = new Map<string, number>();

  /** @param basePath path prefix of the server, for browsers */
  constructor(db: Db, secret: string, clock: Clock, basePath = '') {
    this.#db = db;
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'invigil tickets', 32));
    this.#clock = clock;
    this.#basePath = basePath;
  }

  /** @throws ProtocolError `rate_limited` for too many tickets of a user */
  issue({ userId, loginId, expiresAt }: AccessClaims, purpose: Purpose, sessionId: string | undefined): Ticket {
    return this.#issue({ purpose, userId, loginId, byKey: false, sessionId, authExpiresAt: expiresAt.getTime() });
  }

  /**
   * For a student's exam socket, which then lives as long as one of an access token made now, and not beyond the key.
   * @throws ProtocolError `rate_limited` for too many tickets of a student
   */
  issueByKey({ keyId, expiresAt }: KeyCaller, studentId: string, sessionId: string): Ticket {
    const authExpiresAt = Math.min(this.#clock() + ACCESS_SECONDS * 1000, expiresAt?.getTime() ?? Infinity);
    return this.#issue({ purpose: 'exam', userId: studentId, loginId: keyId, byKey: true, sessionId, authExpiresAt });
  }

  #issue(claims: Omit<TicketClaims, 'id' | 'expiresAt'>): Ticket {
    const { purpose, userId, sessionId } = claims;
    if (!this.#issued.take(`${purpose} ${userId}`, performance.now())) {
      throw new ProtocolError('rate_limited', 'too many tickets for this user', {
        retryable: true,
        retryAfterSeconds: ISSUE_RETRY_S,
        refusal: { kind: 'flood', target: sessionId },
      });
    }
    const expiresAt = this.#clock() + TICKET_MS;
    const ticket = encodeTicket(this.#key, { ...claims, id: randomUUID(), expiresAt });
    return { ticket, expiresAt: new Date(expiresAt).toISOString(), url: this.#basePath + URLS[purpose] };
  }

  /**
   * Uses up the ticket unless `admit` throws.
   * @throws ProtocolError `bad_ticket` for an invalid, used or expired ticket, or the error of `admit`
   */
  check(value: string, purpose: Purpose, admit: (claims: TicketClaims) => void = () => {}): TicketClaims {
    const claims = decodeTicket(this.#key, value);
    if (!claims) throw bad('ticket_forged');
    if (claims.purpose !== purpose) throw bad('ticket_wrong_purpose', claims);
    if (this.#clock() >= claims.expiresAt) throw bad('ticket_expired', claims);
    if (this.#used.has(claims.id)) throw bad('ticket_reused', claims);
    admit(claims);
    this.#used.set(claims.id, claims.expiresAt);
    return claims;
  }

  /**
   * @throws ProtocolError `bad_ticket` (close 4401) if another process has used it, its login or key has ended, or its user
   * has lost the rights it was issued with; a database error can be retried
   * @returns the login as stored now; undefined for a key
   */
  async confirm(claims: TicketClaims): Promise<LoginState | undefined> {
    const { id, expiresAt } = claims;
    const again = this.#unanswered.delete(id);
    const [fresh, { rightful, login }] = await Promise.all([
      markTicketUsed(this.#db, id, new Date(expiresAt)),
      claims.byKey ? this.#ofKey(claims) : this.#ofLogin(claims),
    ]).catch((error: unknown) => {
      this.#unanswered.set(id, expiresAt);
      throw error;
    });
    if (!fresh && !again) throw bad('ticket_reused', claims);
    if (!rightful) throw bad('ticket_revoked', claims);
    return login;
  }

  /** Whether sockets opened with these tickets may stay; of logins also the role as stored now. */
  async standings(claims: readonly TicketClaims[]): Promise<readonly Standing[]> {
    const logins = await findLogins(
      this.#db,
      claims.map(({ userId, loginId }) => ({ userId, loginId })),
    );
    return Promise.all(
      claims.map(async (one, index) => {
        const login = logins[index];
        return one.byKey
          ? { rightful: (await this.#ofKey(one)).rightful, role: undefined }
          : { rightful: !!login?.live && !login.disabled_at, role: login?.role };
      }),
    );
  }

  async #ofLogin({ userId, loginId, purpose }: TicketClaims): Promise<Confirmation> {
    const login = await findLogin(this.#db, userId, loginId);
    const rightful = !!login?.live && !login.disabled_at && (purpose !== 'console' || login.role !== 'student');
    return { rightful, login };
  }

  async #ofKey({ userId, loginId }: TicketClaims): Promise<Confirmation> {
    const [key, sits] = await Promise.all([findApiKey(this.#db, loginId), isStudent(this.#db, userId)]);
    return { rightful: !!key && isLive(key, 'tickets', this.#clock()) && sits, login: undefined };
  }

  async sweep(): Promise<void> {
    const now = this.#clock();
    for (const [id, expiresAt] of this.#used) if (expiresAt <= now) this.#used.delete(id);
    for (const [id, expiresAt] of this.#unanswered) if (expiresAt + UNANSWERED_MS <= now) this.#unanswered.delete(id);
    await deleteExpiredTickets(this.#db, new Date(now));
  }
}
