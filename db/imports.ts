import { type Selectable, sql } from 'kysely';
import type { Executor, Tx } from './executor.ts';
import type { EnrolmentsTable } from './schema/enrolments.ts';
import type { ExamsTable } from './schema/exams.ts';
import type { ProfilesTable } from './schema/profiles.ts';
import { searchOf, type UserRow } from './users.ts';

/** Statements of imports and exports: many rows each, as one JSON parameter. */

export type ImportExam = Pick<Selectable<ExamsTable>, 'id' | 'title'>;

/** Exams of an organisation by ids and titles. */
export async function findImportExams(
  ex: Executor,
  organisationId: string,
  { ids, titles }: { readonly ids: readonly string[]; readonly titles: readonly string[] },
): Promise<ImportExam[]> {
  if (ids.length + titles.length === 0) return [];
  const { rows } = await sql<ImportExam>`
    SELECT id, title FROM exams WHERE organisation_id = ${organisationId}::uuid AND status <> 'archived' AND (
      id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))
      OR title IN (SELECT value FROM jsonb_array_elements_text(${JSON.stringify(titles)}::jsonb)))`.execute(ex);
  return rows;
}

export type StoredEnrolment = Pick<
  Selectable<EnrolmentsTable>,
  'exam_id' | 'student_id' | 'room' | 'seat' | 'extra_minutes' | 'accommodation_profile_id'
>;
/** With the name of its accommodation profile. */
export type NamedEnrolment = StoredEnrolment & { readonly profile_name: string | null };

export async function findEnrolmentsOf(
  ex: Executor,
  keys: readonly { readonly exam: string; readonly student: string }[],
): Promise<NamedEnrolment[]> {
  const { rows } = await sql<NamedEnrolment>`
    SELECT e.exam_id, e.student_id, e.room, e.seat, e.extra_minutes, e.accommodation_profile_id, p.name AS profile_name
    FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS wanted (exam uuid, student uuid)
    JOIN enrolments e ON e.exam_id = wanted.exam AND e.student_id = wanted.student
    LEFT JOIN profiles p ON p.id = e.accommodation_profile_id`.execute(ex);
  return rows;
}

export type ImportProfile = Pick<Selectable<ProfilesTable>, 'id' | 'name' | 'name_key' | 'archived_at'>;

/** Accommodation profiles of an organisation by the keys of their names, locked against changes until the end of the transaction. */
export async function lockImportProfiles(
  tx: Tx,
  organisationId: string,
  nameKeys: readonly string[],
): Promise<ImportProfile[]> {
  if (nameKeys.length === 0) return [];
  const { rows } = await sql<ImportProfile>`
    SELECT id, name, name_key, archived_at FROM profiles
    WHERE organisation_id = ${organisationId}::uuid AND kind = 'accommodation'
      AND name_key IN (SELECT value FROM jsonb_array_elements_text(${JSON.stringify(nameKeys)}::jsonb))
    ORDER BY id FOR SHARE`.execute(tx);
  return rows;
}

/** Rooms in which students of the exams sit, or that staff are assigned to. */
export async function listRoomsOf(
  ex: Executor,
  examIds: readonly string[],
): Promise<{ readonly exam_id: string; readonly room: string }[]> {
  const wanted = sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(examIds)}::jsonb))`;
  const { rows } = await sql<{ exam_id: string; room: string }>`
    SELECT DISTINCT exam_id, room FROM enrolments WHERE exam_id IN ${wanted} AND room IS NOT NULL
    UNION SELECT exam_id, room FROM assignments WHERE exam_id IN ${wanted} AND room IS NOT NULL`.execute(ex);
  return rows;
}

type Person = Pick<UserRow, 'id' | 'email' | 'name' | 'role' | 'organisation_id' | 'student_number' | 'external_id'>;

const records = (people: readonly Person[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(people.map((person) => ({ ...person, search: searchOf(person) })))}::jsonb)
    AS given (id uuid, email text, name text, role text, organisation_id uuid, student_number text, external_id text, search text)`;

/** @throws an error with `takenField` */
export async function insertPeople(ex: Executor, people: readonly Person[], passwordHash: string): Promise<void> {
  await sql`INSERT INTO users (id, email, name, role, organisation_id, student_number, external_id, search, password_hash)
    SELECT id, email, name, role, organisation_id, student_number, external_id, search, ${passwordHash}::text
    FROM ${records(people)}`.execute(ex);
}

/** Name, address and numbers. @throws an error with `takenField` */
export async function changePeople(ex: Executor, people: readonly Person[]): Promise<void> {
  await sql`UPDATE users SET email = given.email, name = given.name, student_number = given.student_number,
      external_id = given.external_id, search = given.search
    FROM ${records(people)} WHERE users.id = given.id`.execute(ex);
}

/** Enrolment to be written, and what it was when it was read; null: none. */
export type ReplacedEnrolment = StoredEnrolment & { readonly before: StoredEnrolment | null };

/**
 * Inserts enrolments, or changes room, seat, minutes and profile of those that exist.
 * @returns number of those written: all but those that are no longer as they were read
 */
export async function saveEnrolments(
  ex: Executor,
  enrolments: readonly ReplacedEnrolment[],
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<number> {
  const created = enrolments.filter(({ before }) => before === null);
  const changed = enrolments.filter(({ before }) => before !== null);
  const inserted =
    await sql`INSERT INTO enrolments (exam_id, student_id, room, seat, extra_minutes, accommodation_profile_id, detection,
      created_by, created_at, updated_at)
    SELECT exam_id, student_id, room, seat, extra_minutes, accommodation_profile_id, '{}'::jsonb, ${by}::uuid,
      ${at}::timestamptz, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(created)}::jsonb)
      AS given (exam_id uuid, student_id uuid, room text, seat text, extra_minutes integer, accommodation_profile_id uuid)
    ORDER BY exam_id, student_id
    ON CONFLICT (exam_id, student_id) DO NOTHING RETURNING student_id`.execute(ex);
  const updated =
    await sql`UPDATE enrolments SET room = given.room, seat = given.seat, extra_minutes = given.extra_minutes,
      accommodation_profile_id = given.accommodation_profile_id, updated_at = ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb)
      AS given (exam_id uuid, student_id uuid, room text, seat text, extra_minutes integer, accommodation_profile_id uuid, before jsonb)
    WHERE enrolments.exam_id = given.exam_id AND enrolments.student_id = given.student_id
      AND enrolments.room IS NOT DISTINCT FROM given.before ->> 'room'
      AND enrolments.seat IS NOT DISTINCT FROM given.before ->> 'seat'
      AND enrolments.extra_minutes = (given.before ->> 'extra_minutes')::integer
      AND enrolments.accommodation_profile_id IS NOT DISTINCT FROM (given.before ->> 'accommodation_profile_id')::uuid
    RETURNING enrolments.student_id`.execute(ex);
  return inserted.rows.length + updated.rows.length;
}

export type ExportedEnrolment = NamedEnrolment &
  Pick<UserRow, 'email' | 'name' | 'student_number' | 'external_id'> & { readonly title: string };

/** By student id; the last one is the cursor. */
export async function listExportedEnrolments(
  ex: Executor,
  examId: string,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<ExportedEnrolment[]> {
  let query = ex
    .selectFrom('enrolments')
    .innerJoin('users', 'users.id', 'enrolments.student_id')
    .innerJoin('exams', 'exams.id', 'enrolments.exam_id')
    .leftJoin('profiles', 'profiles.id', 'enrolments.accommodation_profile_id')
    .select([
      'enrolments.exam_id',
      'enrolments.student_id',
      'enrolments.room',
      'enrolments.seat',
      'enrolments.extra_minutes',
      'enrolments.accommodation_profile_id',
      'profiles.name as profile_name',
      'users.email',
      'users.name',
      'users.student_number',
      'users.external_id',
      'exams.title',
    ])
    .where('enrolments.exam_id', '=', examId)
    .where('users.anonymised_at', 'is', null)
    .orderBy('enrolments.student_id')
    .limit(limit);
  if (cursor !== undefined) query = query.where('enrolments.student_id', '>', cursor);
  return query.execute();
}
