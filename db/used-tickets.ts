import type { Executor } from './executor.ts';

/** Marks a ticket as used. Of concurrent uses, also by several processes, one gets true. */
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
