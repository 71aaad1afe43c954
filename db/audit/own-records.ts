import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../executor.ts';

/** Sessions whose student the person is, and ids by which security entries name them. */
export interface OwnRecords {
  readonly userId: string;
  /** Also deleted ones, whose entries remain. */
  readonly sessions: readonly string[];
  /** Events and pictures. */
  readonly parts: readonly string[];
}

/** Sessions of a person from before they became staff; most staff have none. */
export async function ownRecords(ex: Executor, userId: string): Promise<OwnRecords> {
  const sessions = await ownSessions(ex, userId);
  return { userId, sessions, parts: sessions.length === 0 ? [] : await partsOf(ex, sessions) };
}

const acts = sql`event_type <> 'EVENTS_STORED'`;

/** Whether the entry of a start names somebody else as its student: its actor is staff or a key then. */
const naming = (student: string | undefined) =>
  sql`encode(payload, 'escape') LIKE ${`%"studentId":"${student ?? '%'}"%`}`;

/** By the sessions, and by the entries of their starts: those of a deleted session have only these. */
async function ownSessions(ex: Executor, userId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM sessions WHERE student_id = ${userId}::uuid
    UNION SELECT entity_id FROM audit_entries
      WHERE ${acts} AND actor = ${userId}::uuid AND audit_kind(event_type, payload) = 'SESSION_STARTED' AND NOT ${naming(undefined)}
    UNION SELECT entity_id FROM audit_entries
      WHERE ${acts} AND audit_ids(payload) @> ARRAY[${userId}::uuid] AND event_type = 'SESSION_STARTED' AND ${naming(userId)}`.execute(
    ex,
  );
  return rows.map(({ id }) => id);
}

/** By the log, since rows of deleted sessions are gone. */
async function partsOf(ex: Executor, sessions: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT unnest(audit_ids(payload)) AS id FROM audit_entries
    WHERE ${acts} AND entity_id = ANY (${uuids(sessions)}) AND entity_type = 'session'
      AND event_type IN ('EVIDENCE_KEPT', 'EVENT_REVIEWED', 'COMMAND_GIVEN')`.execute(ex);
  return rows.map(({ id }) => id);
}

const uuids = (values: readonly string[]) =>
  sql`ARRAY(SELECT value::uuid FROM json_array_elements_text(${JSON.stringify(values)}::json) AS value)`;

/**
 * Leaves out entries about the person's own sessions: those of their chains, and acts of others that name them.
 * @param entry name of the table in the statement
 */
export function notAboutOwn({ userId, sessions, parts }: OwnRecords, entry: string): RawBuilder<boolean> {
  if (sessions.length === 0) return sql<boolean>`true`;
  const column = (name: string) => sql.ref(`${entry}.${name}`);
  return sql<boolean>`NOT (${column('entity_type')} = 'session' AND ${column('entity_id')} = ANY (${uuids(sessions)}))
    AND NOT (${column('event_type')} = 'SECURITY' AND ${column('actor')} IS DISTINCT FROM ${userId}::uuid
      AND audit_ids(${column('payload')}) && ${uuids([...sessions, ...parts])})`;
}

/** Whether the chain is that of a session, stored or deleted, whose student the person is. */
export async function isOwnSessionChain(ex: Executor, session: string, userId: string): Promise<boolean> {
  const { rows } = await sql<{ own: boolean }>`
    SELECT EXISTS (SELECT FROM audit_entries
      WHERE ${acts} AND entity_id = ${session}::uuid AND event_type = 'SESSION_STARTED'
        AND (${naming(userId)} OR (actor = ${userId}::uuid AND NOT ${naming(undefined)}))) AS own`.execute(ex);
  return rows[0]?.own === true;
}
