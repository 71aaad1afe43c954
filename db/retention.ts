import { type RawBuilder, sql } from 'kysely';
import { deleteSessions } from './delete-sessions.ts';
import type { Executor } from './executor.ts';

/** Sessions that one statement looks at: how long each is kept stands in its policy. */
const LOOKED_AT = 500;

/**
 * Sessions that are over and meet a condition, in the order of their ids, from behind `after`: looked for stretch by
 * stretch, so that no statement reads all there are.
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

/** Sessions whose policy's retention is over, but not those of `except`; those that began first. */
export const findExpiredSessions = (
  ex: Executor,
  now: Date,
  limit: number,
  except: readonly string[] = [],
): Promise<string[]> =>
  findOver(
    ex,
    sql`ended_at + make_interval(days => (policy->>'retentionDays')::integer) <= ${now} AND id <> ALL (${except}::uuid[])`,
    { limit },
  );

/**
 * Deletes sessions, with all their events, whose policy's retention is over.
 * @returns the sessions that are gone
 */
export async function deleteExpiredSessions(ex: Executor, now: Date, limit: number): Promise<string[]> {
  return deleteSessions(ex, await findExpiredSessions(ex, now, limit));
}
