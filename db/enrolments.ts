import { type Selectable, sql } from 'kysely';
import type { AccommodationTerms, DetectionChanges } from '../protocol/accommodations.ts';
import { changed } from './audit/changed-fields.ts';
import type { Executor } from './executor.ts';
import { enrolmentSeenBy, type Viewer } from './visibility.ts';
import type { EnrolmentsTable } from './schema/enrolments.ts';

export type EnrolmentRow = Selectable<EnrolmentsTable>;
export type NamedEnrolmentRow = EnrolmentRow & {
  student_name: string;
  student_email: string;
  student_number: string | null;
  profile_name: string | null;
  profile_version: number | null;
};

/** The current version of the accommodation profile of an enrolment. */
export interface EnrolledProfile {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly terms: AccommodationTerms;
}

/** Columns of a left join. @returns null without a profile */
export const joinedProfile = (row: {
  readonly profile_id: string | null;
  readonly profile_name: string | null;
  readonly profile_version: number | null;
  readonly profile_terms: unknown;
}): EnrolledProfile | null =>
  row.profile_id === null
    ? null
    : {
        id: row.profile_id,
        name: row.profile_name!,
        version: row.profile_version!,
        terms: row.profile_terms as AccommodationTerms,
      };

export interface Enrolment {
  readonly exam_id: string;
  readonly student_id: string;
  readonly extra_minutes: number;
  readonly detection: DetectionChanges;
  /** None by default. */
  readonly accommodation_profile_id?: string | null;
  readonly room: string | null;
  readonly seat?: string | null;
  /** Author and time. */
  readonly created_by: string;
  readonly updated_at: Date;
}

/** Inserts or replaces an enrolment; its creator and creation time are kept. @returns whether it is new */
export async function saveEnrolment(ex: Executor, enrolment: Enrolment): Promise<boolean> {
  const { extra_minutes, accommodation_profile_id = null, room, seat = null, updated_at } = enrolment;
  const detection = JSON.stringify(enrolment.detection);
  const inserted = await ex
    .insertInto('enrolments')
    .values({ ...enrolment, accommodation_profile_id, seat, detection, created_at: updated_at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('student_id')
    .executeTakeFirst();
  if (inserted) return true;
  await ex
    .updateTable('enrolments')
    .set({ extra_minutes, detection, accommodation_profile_id, room, seat, updated_at })
    .where('exam_id', '=', enrolment.exam_id)
    .where('student_id', '=', enrolment.student_id)
    .execute();
  return false;
}

type Terms = Pick<EnrolmentRow, 'room' | 'seat' | 'extra_minutes' | 'accommodation_profile_id'>;

const NO_TERMS: Terms = { room: null, seat: null, extra_minutes: 0, accommodation_profile_id: null };

const loggedTerms = ({ room, seat, extra_minutes, accommodation_profile_id }: Terms) => ({
  room,
  seat,
  extraMinutes: extra_minutes,
  accommodationProfileId: accommodation_profile_id,
});

/** Pure: terms that differ, for the audit log. @param before undefined: not enrolled */
export const changedTerms = (before: Terms | undefined, after: Terms) =>
  changed(loggedTerms(before ?? NO_TERMS), loggedTerms(after));

const seen = (ex: Executor, viewer: Viewer | undefined) =>
  viewer ? named(ex).innerJoin('exams', 'exams.id', 'enrolments.exam_id').where(enrolmentSeenBy(viewer)) : named(ex);

const named = (ex: Executor) =>
  ex
    .selectFrom('enrolments')
    .innerJoin('users', 'users.id', 'enrolments.student_id')
    .leftJoin('profiles', 'profiles.id', 'enrolments.accommodation_profile_id')
    .selectAll('enrolments')
    .select([
      'users.name as student_name',
      'users.email as student_email',
      'users.student_number',
      'profiles.name as profile_name',
      'profiles.version as profile_version',
    ]);

export async function findEnrolment(
  ex: Executor,
  examId: string,
  studentId: string,
  seenBy?: Viewer,
): Promise<NamedEnrolmentRow | undefined> {
  return seen(ex, seenBy).where('exam_id', '=', examId).where('student_id', '=', studentId).executeTakeFirst();
}

/** Ordered by student id; `cursor`: last id of the previous page. */
export async function listEnrolments(
  ex: Executor,
  examId: string,
  filter: { cursor: string | undefined; limit: number; seenBy?: Viewer },
): Promise<NamedEnrolmentRow[]> {
  let query = seen(ex, filter.seenBy).where('exam_id', '=', examId).orderBy('student_id').limit(filter.limit);
  if (filter.cursor !== undefined) query = query.where('student_id', '>', filter.cursor);
  return query.execute();
}

/** @returns whether it existed */
export async function deleteEnrolment(ex: Executor, examId: string, studentId: string): Promise<boolean> {
  const row = await ex
    .deleteFrom('enrolments')
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .returning('student_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether somebody has an enrolment, a session or a check-in in any exam. */
export async function hasExams(ex: Executor, userId: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`SELECT EXISTS (SELECT FROM enrolments WHERE student_id = ${userId}::uuid)
    OR EXISTS (SELECT FROM sessions WHERE student_id = ${userId}::uuid)
    OR EXISTS (SELECT FROM check_ins WHERE student_id = ${userId}::uuid) AS has`.execute(ex);
  return rows[0]!.has;
}
