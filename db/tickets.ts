import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { TicketsTable } from './schema/tickets.ts';

export type TicketRow = Selectable<TicketsTable>;

export async function insertTicket(ex: Executor, ticket: TicketRow): Promise<void> {
  await ex.insertInto('tickets').values(ticket).execute();
}

/** Taking a ticket removes it: of two that try at once, one gets it. */
export async function takeTicket(ex: Executor, hash: Buffer, purpose: TicketRow['purpose'], now: Date): Promise<TicketRow | undefined> {
  return ex
    .deleteFrom('tickets')
    .where('hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteExpiredTickets(ex: Executor, now: Date): Promise<void> {
  await ex.deleteFrom('tickets').where('expires_at', '<=', now).execute();
}
