import { type Selectable, sql } from 'kysely';
import { AUDIT_KINDS } from '../../protocol/audit-kinds.ts';
import { SECURITY_KINDS } from '../../protocol/security-kinds.ts';
import type { Executor } from '../executor.ts';
import type { AuditEntriesTable } from '../schema/audit.ts';
import { ownRecords } from './own-records.ts';
import {
  type AuditPlace,
  type AuditRange,
  byActor,
  byEntities,
  byMention,
  byTime,
  eventsOfSession,
} from './search-streams.ts';

export type { AuditPlace, AuditRange } from './search-streams.ts';

/** What a search is about; undefined parts: anything. */
export interface AuditSubject {
  readonly person?: string | undefined;
  readonly exam?: string | undefined;
  readonly session?: string | undefined;
}

/** Sessions per statement. */
const SESSIONS_AT_ONCE = 100;
/** Sessions of an exam or a person that are searched, the newest first. */
const MOST_SESSIONS = 50_000;

const isNewer = (a: AuditPlace, b: AuditPlace): boolean =>
  a.at.getTime() !== b.at.getTime() ? a.at.getTime() > b.at.getTime() : a.id > b.id;

/** The newest of both, without duplicates. */
function merge(found: readonly AuditPlace[], more: readonly AuditPlace[], limit: number): AuditPlace[] {
  const all = new Map([...found, ...more].map((place) => [place.id, place]));
  return [...all.values()].toSorted((a, b) => (isNewer(a, b) ? -1 : 1)).slice(0, limit);
}

/** Security entries carry ids of what they are about in their payload only, and are for admins. */
const securityOnly = ({ kinds, ...range }: AuditRange): AuditRange => ({
  ...range,
  kinds: (kinds ?? Object.keys(SECURITY_KINDS)).filter((kind) => Object.hasOwn(SECURITY_KINDS, kind)),
});

/** Entries about a person, an exam or a session, newest first. */
export async function searchAudit(ex: Executor, subject: AuditSubject, asked: AuditRange): Promise<AuditPlace[]> {
  const { session, exam, person } = subject;
  const range = { ...asked, own: await ownRecords(ex, asked.seenBy.userId) };
  if (session !== undefined) {
    if (exam !== undefined && !(await isOf(ex, session, exam))) return [];
    return searchSession(ex, session, { ...range, person });
  }
  if (exam !== undefined) return searchExam(ex, exam, { ...range, person });
  if (person !== undefined) return searchPerson(ex, person, range);
  return byTime(ex, range);
}

async function isOf(ex: Executor, session: string, exam: string): Promise<boolean> {
  const row = await ex.selectFrom('sessions').select('exam_id').where('id', '=', session).executeTakeFirst();
  return row?.exam_id === exam;
}

async function searchSession(ex: Executor, session: string, range: AuditRange): Promise<AuditPlace[]> {
  const found = await searchSessions(ex, [session], [], range);
  if (!range.kinds?.includes('EVENTS_STORED')) return found;
  return merge(found, await eventsOfSession(ex, session, range), range.limit);
}

async function searchExam(ex: Executor, exam: string, range: AuditRange): Promise<AuditPlace[]> {
  const own = merge(await byEntities(ex, [exam], range), await byMention(ex, [exam], range), range.limit);
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM sessions WHERE exam_id = ${exam}::uuid
    UNION SELECT entity_id FROM audit_entries AS entry
      WHERE event_type <> 'EVENTS_STORED' AND audit_ids(payload) @> ARRAY[${exam}::uuid] AND event_type = 'SESSION_STARTED'
    ORDER BY id DESC LIMIT ${MOST_SESSIONS}`.execute(ex);
  return searchSessions(ex, ids(rows), own, range);
}

async function searchPerson(ex: Executor, person: string, range: AuditRange): Promise<AuditPlace[]> {
  const acts = await byActor(ex, person, range, [...AUDIT_KINDS, 'SECURITY']);
  const own = merge(await byEntities(ex, [person], range), await byMention(ex, [person], range), range.limit);
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM sessions WHERE student_id = ${person}::uuid
    UNION SELECT entity_id FROM audit_entries
      WHERE event_type <> 'EVENTS_STORED' AND actor = ${person}::uuid AND audit_kind(event_type, payload) = 'SESSION_STARTED'
    ORDER BY id DESC LIMIT ${MOST_SESSIONS}`.execute(ex);
  return searchSessions(ex, ids(rows), merge(acts, own, range.limit), range);
}

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

/** Adds the entries of sessions, some at a time: once a page is full, only newer ones are looked for. */
async function searchSessions(
  ex: Executor,
  sessions: readonly string[],
  before: readonly AuditPlace[],
  range: AuditRange,
): Promise<AuditPlace[]> {
  let found = [...before];
  for (let from = 0; from < sessions.length; from += SESSIONS_AT_ONCE) {
    const some = sessions.slice(from, from + SESSIONS_AT_ONCE);
    const left = { ...range, above: found.length < range.limit ? undefined : found.at(-1) };
    found = merge(found, await byEntities(ex, some, left), range.limit);
    const security = securityOnly(left);
    if (range.seenBy.role !== 'admin' || security.kinds?.length === 0) continue;
    const events = await ex
      .selectFrom('evidence')
      .select('event_id as id')
      .distinct()
      .where('session_id', 'in', some)
      .execute();
    found = merge(found, await byMention(ex, [...some, ...ids(events)], security), range.limit);
  }
  return found;
}

export type FoundEntry = Omit<Selectable<AuditEntriesTable>, 'payload' | 'salt' | 'digest' | 'prev_hash'> & {
  readonly kind: string;
  /** Null if it is longer than `most` bytes. */
  readonly payload: Uint8Array | null;
  readonly bytes: number;
};

/** Entries in the order of their places. */
export async function readFound(ex: Executor, places: readonly AuditPlace[], most: number): Promise<FoundEntry[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<FoundEntry>`
    SELECT id, entity_type, entity_id, position, event_type, actor, at, hash, audit_kind(event_type, payload) AS kind,
      octet_length(payload) AS bytes, CASE WHEN octet_length(payload) <= ${most} THEN payload END AS payload
    FROM audit_entries WHERE id IN (SELECT value::uuid FROM json_array_elements_text(${JSON.stringify(ids(places))}::json) AS value)`.execute(
    ex,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return places.flatMap(({ id }) => byId.get(id) ?? []);
}
