import type { Db } from '../../db/executor.ts';
import { deleteExpiredTickets, insertTicket, takeTicket, type TicketRow } from '../../db/tickets.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Ticket } from '../../protocol/http.ts';
import type { Clock } from '../clock.ts';
import { type Principal, randomToken, tokenHash } from './tokens.ts';

export const TICKET_MS = 30_000;
const URLS = { exam: '/ws/exam', console: '/ws/console' } as const;

/** Single-use admission to one socket (rule C3). Only the hash is stored. */
export class Tickets {
  readonly #db: Db;
  readonly #clock: Clock;

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async issue(who: Principal, purpose: TicketRow['purpose'], sessionId: string | null): Promise<Ticket> {
    const ticket = randomToken();
    const expiresAt = new Date(this.#clock() + TICKET_MS);
    await insertTicket(this.#db, {
      hash: tokenHash(ticket),
      user_id: who.userId,
      purpose,
      session_id: sessionId,
      login_id: who.loginId,
      auth_expires_at: who.expiresAt,
      expires_at: expiresAt,
    });
    return { ticket, expiresAt: expiresAt.toISOString(), url: URLS[purpose] };
  }

  /** @throws ProtocolError `bad_ticket` for a wrong, used or old one */
  async take(ticket: string, purpose: TicketRow['purpose']): Promise<TicketRow> {
    const row = await takeTicket(this.#db, tokenHash(ticket), purpose, new Date(this.#clock()));
    if (!row) throw new ProtocolError('bad_ticket', 'the ticket is wrong, used or older than 30 s');
    return row;
  }

  sweep(): Promise<void> {
    return deleteExpiredTickets(this.#db, new Date(this.#clock()));
  }
}
