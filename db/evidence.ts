import { type RawBuilder, type Selectable, sql } from 'kysely';
import { knownCheckInObjects } from './check-in-pictures.ts';
import type { Executor } from './executor.ts';
import { isFrozen } from './frozen.ts';
import type { EvidenceTable } from './schema/evidence.ts';
import { findOver } from './retention.ts';

export type EvidenceRow = Selectable<EvidenceTable>;

/** Inserts missing rows for existing events; the write can be repeated. */
export async function insertEvidence(ex: Executor, rows: readonly EvidenceRow[]): Promise<void> {
  const written = rows.map((row) => ({ ...row, digest: Buffer.from(row.digest).toString('hex') }));
  await sql`
    INSERT INTO evidence (id, session_id, event_id, kind, at, bytes, digest, object_key)
    SELECT id, session_id, event_id, kind, at, bytes, decode(digest, 'hex'), object_key
    FROM jsonb_to_recordset(${JSON.stringify(written)}::jsonb) AS v(
      id uuid, session_id uuid, event_id uuid, kind text, at timestamptz, bytes integer, digest text, object_key text)
    WHERE EXISTS (SELECT 1 FROM events WHERE events.id = v.event_id)
    ON CONFLICT DO NOTHING`.execute(ex);
}

export async function findEvidence(ex: Executor, id: string): Promise<EvidenceRow | undefined> {
  return ex.selectFrom('evidence').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Pictures of one event, in frame order. */
export async function listEvidence(ex: Executor, event: string): Promise<EvidenceRow[]> {
  return ex.selectFrom('evidence').selectAll().where('event_id', '=', event).orderBy('at').orderBy('id').execute();
}

/** Pictures of all events of a session, in frame order. */
export async function listEvidenceOf(ex: Executor, session: string, limit: number): Promise<EvidenceRow[]> {
  return ex
    .selectFrom('evidence')
    .selectAll()
    .where('session_id', '=', session)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Stored keys of a session's pictures. */
export async function countEvidenceBytes(ex: Executor, session: string): Promise<number> {
  const row = await ex
    .selectFrom('evidence')
    .select((eb) => eb.fn.sum<string | null>('bytes').as('bytes'))
    .where('session_id', '=', session)
    .executeTakeFirst();
  return Number(row?.bytes ?? 0);
}

/** Which of these objects have a row, here or as a picture of a check-in. */
export async function knownObjects(ex: Executor, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await ex.selectFrom('evidence').select('object_key').where('object_key', 'in', keys).execute();
  return new Set([...rows.map((row) => row.object_key), ...(await knownCheckInObjects(ex, keys))]);
}

export async function findSessionKey(ex: Executor, session: string): Promise<Uint8Array | undefined> {
  const row = await ex
    .selectFrom('session_keys')
    .select('wrapped_key')
    .where('session_id', '=', session)
    .executeTakeFirst();
  return row?.wrapped_key;
}

/** @returns the session's key: this one, or an earlier one */
export async function addSessionKey(ex: Executor, session: string, wrapped: Uint8Array): Promise<Uint8Array> {
  const row = await ex
    .insertInto('session_keys')
    .values({ session_id: session, wrapped_key: wrapped })
    .onConflict((conflict) =>
      conflict.column('session_id').doUpdateSet((eb) => ({ wrapped_key: eb.ref('session_keys.wrapped_key') })),
    )
    .returning('wrapped_key')
    .executeTakeFirstOrThrow();
  return row.wrapped_key;
}

/** Whether the pictures of an ended session have passed their retention, for statements over `sessions`. */
export const evidenceIsOver = (now: Date): RawBuilder<boolean> =>
  sql`ended_at + make_interval(days => COALESCE(policy #>> '{evidence,retentionDays}', policy ->> 'retentionDays')::integer) <= ${now}`;

/** Ended sessions without an open appeal whose pictures have passed their retention, in id order, after `after`. */
export const findExpiredEvidence = (ex: Executor, now: Date, limit: number, after?: string): Promise<string[]> =>
  findOver(
    ex,
    sql`${evidenceIsOver(now)}
      AND (EXISTS (SELECT 1 FROM session_keys WHERE session_id = sessions.id) OR EXISTS (SELECT 1 FROM evidence WHERE session_id = sessions.id))
      AND NOT ${isFrozen}`,
    { limit, after },
  );

/** Deletes keys, which makes the pictures unreadable. @returns the sessions that had a key */
export async function deleteSessionKeys(ex: Executor, sessions: readonly string[]): Promise<string[]> {
  if (sessions.length === 0) return [];
  const rows = await ex
    .deleteFrom('session_keys')
    .where('session_id', 'in', sessions)
    .returning('session_id')
    .execute();
  return rows.map((row) => row.session_id);
}

export async function listSessionEvidence(
  ex: Executor,
  sessions: readonly string[],
): Promise<Pick<EvidenceRow, 'id' | 'session_id' | 'object_key'>[]> {
  if (sessions.length === 0) return [];
  return ex
    .selectFrom('evidence')
    .select(['id', 'session_id', 'object_key'])
    .where('session_id', 'in', sessions)
    .execute();
}

const DELETED_AT_ONCE = 500;

export async function deleteEvidence(ex: Executor, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += DELETED_AT_ONCE)
    await ex
      .deleteFrom('evidence')
      .where('id', 'in', ids.slice(from, from + DELETED_AT_ONCE))
      .execute();
}
