import { type RawBuilder, sql } from 'kysely';
import { deleteSessions } from './delete-sessions.ts';
import type { Executor, Tx } from './executor.ts';
import { isFrozen, lockUnfrozen } from './frozen.ts';

/** Sessions scanned per statement: retention is part of each session's policy. */
const LOOKED_AT = 500;

/**
 * Ended sessions that meet a condition, in id order, after `after`: scanned range by range, so that no statement reads
 * the whole table.
 */
export async function findOver(
  ex: Executor,
  condition: RawBuilder<unknown>,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<string[]> {
  const found: string[] = [];
  for (let last = after; ;) {
    const from = last === undefined ? sql`` : sql`WHERE id > ${last}::uuid`;
    const { rows } = await sql<{ id: string; is_met: boolean }>`
      SELECT id, (status = 'ended' AND ${condition}) AS is_met
      FROM (SELECT * FROM sessions ${from} ORDER BY id LIMIT ${LOOKED_AT}) AS sessions
      ORDER BY id`.execute(ex);
    for (const { id, is_met } of rows) {
      if (is_met) found.push(id);
      if (found.length === limit) return found;
    }
    last = rows.at(-1)?.id;
    if (rows.length < LOOKED_AT) return found;
  }
}

/** Sessions past their policy's retention without an open appeal, except those in `except`; oldest first. */
export const findExpiredSessions = (
  ex: Executor,
  now: Date,
  limit: number,
  except: readonly string[] = [],
): Promise<string[]> =>
  findOver(
    ex,
    sql`ended_at + make_interval(days => (policy->>'retentionDays')::integer) <= ${now} AND id <> ALL (${except}::uuid[]) AND NOT ${isFrozen}`,
    { limit },
  );

/** Deletes those of the sessions that have no open appeal, with all their events. @returns the deleted sessions */
export const deleteUnfrozen = async (tx: Tx, ids: readonly string[]): Promise<string[]> =>
  deleteSessions(tx, await lockUnfrozen(tx, ids));

/** Deletes sessions past their policy's retention, with all their events. @returns the deleted sessions */
export async function deleteExpiredSessions(tx: Tx, now: Date, limit: number): Promise<string[]> {
  return deleteUnfrozen(tx, await findExpiredSessions(tx, now, limit));
}
