import type { Executor } from './executor.ts';

/** Of two that use a ticket at once, one gets true; also over several processes. */
export async function markTicketUsed(ex: Executor, id: string, expiresAt: Date): Promise<boolean> {
  const row = await ex
    .insertInto('used_tickets')
    .values({ id, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteExpiredTickets(ex: Executor, now: Date): Promise<void> {
  await ex.deleteFrom('used_tickets').where('expires_at', '<=', now).execute();
}
