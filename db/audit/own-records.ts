import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../executor.ts';

/** Sessions whose student the person is, and ids by which security entries name them. */
export interface OwnRecords {
  readonly userId: string;
  readonly sessions: readonly string[];
  /** Events with pictures. */
  readonly events: readonly string[];
}

/** Sessions of a person from before they became staff; most staff have none. */
export async function ownRecords(ex: Executor, userId: string): Promise<OwnRecords> {
  const sessions = await ex.selectFrom('sessions').select('id').where('student_id', '=', userId).execute();
  const ids = sessions.map(({ id }) => id);
  if (ids.length === 0) return { userId, sessions: ids, events: [] };
  const events = await ex
    .selectFrom('evidence')
    .select('event_id as id')
    .distinct()
    .where('session_id', 'in', ids)
    .execute();
  return { userId, sessions: ids, events: events.map(({ id }) => id) };
}

const uuids = (values: readonly string[]) =>
  sql`ARRAY(SELECT value::uuid FROM json_array_elements_text(${JSON.stringify(values)}::json) AS value)`;

/**
 * Leaves out entries about the person's own sessions: those of their chains, and acts of others that name them.
 * @param entry name of the table in the statement
 */
export function notAboutOwn({ userId, sessions, events }: OwnRecords, entry: string): RawBuilder<boolean> {
  if (sessions.length === 0) return sql<boolean>`true`;
  const column = (name: string) => sql.ref(`${entry}.${name}`);
  return sql<boolean>`NOT (${column('entity_type')} = 'session' AND ${column('entity_id')} = ANY (${uuids(sessions)}))
    AND NOT (${column('event_type')} = 'SECURITY' AND ${column('actor')} IS DISTINCT FROM ${userId}::uuid
      AND audit_ids(${column('payload')}) && ${uuids([...sessions, ...events])})`;
}
