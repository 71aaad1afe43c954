import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/**
 * Whether the name of a student is theirs to change: they registered themselves, nobody else has changed the name, and
 * no enrolment or session relies on it.
 */
export async function isOwnName(ex: Executor, userId: string): Promise<boolean> {
  const { rows } = await sql<{ own: boolean }>`SELECT
    EXISTS (SELECT FROM audit_entries WHERE entity_type = 'user' AND entity_id = ${userId}::uuid
      AND event_type = 'USER_CREATED' AND actor = ${userId}::uuid)
    AND NOT EXISTS (SELECT FROM audit_entries WHERE entity_type = 'user' AND entity_id = ${userId}::uuid
      AND event_type = 'USER_CHANGED' AND actor IS DISTINCT FROM ${userId}::uuid
      AND convert_from(payload, 'UTF8')::jsonb -> 'fields' @> '["name"]'::jsonb)
    AND NOT EXISTS (SELECT FROM enrolments WHERE student_id = ${userId}::uuid)
    AND NOT EXISTS (SELECT FROM sessions WHERE student_id = ${userId}::uuid) AS own`.execute(ex);
  return rows[0]?.own === true;
}
