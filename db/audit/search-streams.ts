import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../executor.ts';
import type { Viewer } from '../visibility.ts';
import { MANAGED } from '../../protocol/http/accounts.ts';
import { notAboutOwn, type OwnRecords } from './own-records.ts';

/**
 * Entries of the audit log by index, newest first: by the time of the act, then by id. Every statement reads a few rows
 * of each index range that it visits, however long the log is. Entries of events are left out unless a session's are
 * asked for: see `0022-oversight`.
 */

/** Place of an entry in the order of a search. */
export interface AuditPlace {
  readonly at: Date;
  readonly id: string;
}

export interface AuditRange {
  /** Kinds as `AuditKind`; undefined: all but events. */
  readonly kinds: readonly string[] | undefined;
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly to: Date | undefined;
  /** Only older ones. */
  readonly after: AuditPlace | undefined;
  /** Only newer ones. */
  readonly above: AuditPlace | undefined;
  readonly limit: number;
  readonly seenBy: Viewer;
  /** Only those by or about this person; undefined: anybody. */
  readonly person?: string | undefined;
  /** Of the person who searches; left out. */
  readonly own?: OwnRecords | undefined;
}

const array = (values: readonly string[], type: 'uuid' | 'text') =>
  sql`ARRAY(SELECT value::${sql.raw(type)} FROM json_array_elements_text(${JSON.stringify(values)}::json) AS value)`;

/** By the person, about their session, or with their id in the payload. */
function concerning(person: string | undefined): RawBuilder<unknown> {
  if (person === undefined) return sql`true`;
  return sql`(entry.actor = ${person}::uuid OR audit_ids(entry.payload) @> ARRAY[${person}::uuid] OR (entry.entity_type = 'session'
    AND EXISTS (SELECT FROM sessions WHERE sessions.id = entry.entity_id AND sessions.student_id = ${person}::uuid)))`;
}

/**
 * Entries that the person sees: managers those about exams, sessions and people that they manage, nobody those of
 * their own sessions.
 */
function seen({ role, organisationId, userId }: Viewer): RawBuilder<unknown> {
  if (role === 'admin')
    return sql`NOT (entry.entity_type = 'session' AND EXISTS (SELECT FROM sessions WHERE sessions.id = entry.entity_id AND sessions.student_id = ${userId}::uuid))`;
  return sql`CASE entry.entity_type
    WHEN 'session' THEN EXISTS (SELECT FROM sessions JOIN exams ON exams.id = sessions.exam_id
      WHERE sessions.id = entry.entity_id AND sessions.student_id <> ${userId}::uuid AND exams.organisation_id = ${organisationId}::uuid)
    WHEN 'exam' THEN EXISTS (SELECT FROM exams WHERE exams.id = entry.entity_id AND exams.organisation_id = ${organisationId}::uuid)
    WHEN 'user' THEN EXISTS (SELECT FROM users WHERE users.id = entry.entity_id AND users.organisation_id = ${organisationId}::uuid
      AND users.role = ANY (${array(MANAGED, 'text')}))
    ELSE false END`;
}

/** Conditions on rows named `entry`; those on time and id are served by an index on `(..., at, id)`. */
function within({ from, to, after, above, person, seenBy, own }: AuditRange): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`];
  if (from) parts.push(sql`entry.at >= ${from}::timestamptz`);
  if (to) parts.push(sql`entry.at < ${to}::timestamptz`);
  if (after) parts.push(sql`(entry.at, entry.id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  if (above) parts.push(sql`(entry.at, entry.id) > (${above.at}::timestamptz, ${above.id}::uuid)`);
  parts.push(concerning(person), seen(seenBy));
  if (own) parts.push(notAboutOwn(own, 'entry'));
  return sql.join(parts, sql` AND `);
}

const KIND = sql`audit_kind(entry.event_type, entry.payload)`;
const ACTS = sql`entry.event_type <> 'EVENTS_STORED'`;
const NEWEST = sql`ORDER BY at DESC, id DESC`;
const ofKinds = ({ kinds }: AuditRange) => (kinds ? sql`${KIND} = ANY (${array(kinds, 'text')})` : sql`true`);

async function read(ex: Executor, statement: RawBuilder<AuditPlace>): Promise<AuditPlace[]> {
  return (await statement.execute(ex)).rows;
}

/** All entries. */
export function byTime(ex: Executor, range: AuditRange): Promise<AuditPlace[]> {
  if (range.kinds) return byKind(ex, range, range.kinds, sql`true`);
  return read(
    ex,
    sql<AuditPlace>`SELECT id, at FROM audit_entries AS entry WHERE ${ACTS} AND ${within(range)}
      ${NEWEST} LIMIT ${range.limit}`,
  );
}

/** Entries of one actor. @param kinds all kinds, for a range that names none */
export const byActor = (ex: Executor, actor: string, range: AuditRange, kinds: readonly string[]) =>
  byKind(ex, range, range.kinds ?? kinds, sql`entry.actor = ${actor}::uuid`);

function byKind(
  ex: Executor,
  range: AuditRange,
  kinds: readonly string[],
  condition: RawBuilder<unknown>,
): Promise<AuditPlace[]> {
  return read(
    ex,
    sql<AuditPlace>`SELECT found.id, found.at FROM json_array_elements_text(${JSON.stringify(kinds)}::json) AS wanted,
      LATERAL (SELECT id, at FROM audit_entries AS entry
        WHERE ${ACTS} AND ${condition} AND ${KIND} = wanted AND ${within(range)}
        ${NEWEST} LIMIT ${range.limit}) AS found
      ${NEWEST} LIMIT ${range.limit}`,
  );
}

/**
 * Entries of the chains of these entities. All of their acts in the range are read, and materialised: a planner that sees
 * the limit walks the whole log by time instead.
 */
export const byEntities = (ex: Executor, ids: readonly string[], range: AuditRange): Promise<AuditPlace[]> =>
  read(
    ex,
    sql<AuditPlace>`WITH theirs AS MATERIALIZED (
        SELECT id, at FROM audit_entries AS entry
        WHERE ${ACTS} AND entry.entity_id = ANY (${array(ids, 'uuid')}) AND ${ofKinds(range)} AND ${within(range)})
      SELECT id, at FROM theirs ${NEWEST} LIMIT ${range.limit}`,
  );

/** Entries with one of these ids in their payload; materialised for the same reason. */
export const byMention = (ex: Executor, ids: readonly string[], range: AuditRange): Promise<AuditPlace[]> =>
  read(
    ex,
    sql<AuditPlace>`WITH mentioned AS MATERIALIZED (
        SELECT id, at, entity_type, entity_id, event_type, actor, payload FROM audit_entries AS entry
        WHERE ${ACTS} AND audit_ids(entry.payload) && ${array(ids, 'uuid')})
      SELECT id, at FROM mentioned AS entry WHERE ${ofKinds(range)} AND ${within(range)}
      ${NEWEST} LIMIT ${range.limit}`,
  );

/** Entries of events of one session. */
export const eventsOfSession = (ex: Executor, session: string, range: AuditRange): Promise<AuditPlace[]> =>
  read(
    ex,
    sql<AuditPlace>`SELECT id, at FROM audit_entries AS entry
      WHERE entry.entity_type = 'session' AND entry.entity_id = ${session}::uuid AND entry.event_type = 'EVENTS_STORED'
        AND ${within(range)}
      ${NEWEST} LIMIT ${range.limit}`,
  );
