import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import { isFreeFor } from './nodes.ts';
import type { SessionRow } from './sessions.ts';

/**
 * Why a session is claimed: a newer connection of its student, which takes it from any owner, or work for a session that
 * nobody owns, or whose owner's lease is over.
 */
export type ClaimReason = 'connection' | 'lease';

/** The claim succeeded, or the session belongs to a node whose lease runs. */
export type Claimed = { readonly row: SessionRow } | { readonly owner: string };

/**
 * Makes a node the owner of a running session; an earlier owner can no longer write (its epoch is lower).
 * @returns undefined if the session does not exist or has ended
 */
export async function claimForNode(
  ex: Executor,
  id: string,
  node: string,
  reason: ClaimReason,
): Promise<Claimed | undefined> {
  let query = ex
    .updateTable('sessions')
    .set((eb) => ({ owner_epoch: eb('owner_epoch', '+', 1), owner_node: node, claimed_by: reason }))
    .where('id', '=', id)
    .where('status', '<>', 'ended');
  if (reason === 'lease')
    // One of two that claim at once waits for the row, and then finds a living owner.
    query = query.where(isFreeFor(node));
  const row = await query.returningAll().executeTakeFirst();
  if (row) return { row };
  if (reason === 'connection') return undefined;
  const owned = await ex
    .selectFrom('sessions')
    .select('owner_node')
    .where('id', '=', id)
    .where('status', '<>', 'ended')
    .executeTakeFirst();
  return owned?.owner_node ? { owner: owned.owner_node } : undefined;
}

export type Ownership = Pick<SessionRow, 'id' | 'owner_epoch' | 'owner_node' | 'claimed_by'>;

/** Who owns these sessions now; those that do not exist are left out. */
export async function listOwnership(ex: Executor, ids: readonly string[]): Promise<Ownership[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Ownership>`SELECT id, owner_epoch, owner_node, claimed_by FROM sessions
    WHERE id = ANY(${sql.val(ids)}::uuid[])`.execute(ex);
  return rows;
}
