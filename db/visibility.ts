import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Role } from '../protocol/http/accounts.ts';
import type { Executor } from './executor.ts';
import type { AssignmentsTable } from './schema/assignments.ts';
import type { ExamsTable } from './schema/exams.ts';

/** Person whose rights are asked for, as stored now. */
export interface Viewer {
  readonly userId: string;
  readonly role: Role;
  readonly organisationId: string;
}

/** Columns of an exam that decide who of the staff sees it. */
export type ExamFacts = Pick<Selectable<ExamsTable>, 'id' | 'organisation_id' | 'staff_access'>;

/**
 * The rules of `server/access/rights.ts` as conditions on rows, for statements over `exams`.
 * @param room column with the row's room; undefined: an assignment to any room counts
 */
function reaches({ userId, role, organisationId }: Viewer, room?: RawBuilder<string | null>): RawBuilder<boolean> {
  switch (role) {
    case 'student':
      return sql`false`;
    case 'admin':
      return sql`true`;
    case 'manager':
      return sql`exams.organisation_id = ${organisationId}::uuid`;
    case 'proctor':
    case 'reviewer':
      return sql`(exams.organisation_id = ${organisationId}::uuid AND (exams.staff_access = 'all' OR EXISTS (
        SELECT FROM assignments WHERE assignments.user_id = ${userId}::uuid AND assignments.exam_id = exams.id
          ${room ? sql`AND (assignments.room IS NULL OR assignments.room = ${room})` : sql``})))`;
  }
}

/** Exams that staff see; of some they see one room only. */
export const examSeenBy = (viewer: Viewer): RawBuilder<boolean> => reaches(viewer);

/** Sessions that staff see, for statements over `sessions` and `exams`: nobody sees their own as staff. */
export const sessionSeenBy = (viewer: Viewer): RawBuilder<boolean> =>
  sql`(sessions.student_id <> ${viewer.userId}::uuid AND ${reaches(viewer, sql.ref('sessions.room'))})`;

/** Check-ins that staff see, for statements over `check_ins` and `exams`: nobody sees their own as staff. */
export const checkInSeenBy = (viewer: Viewer): RawBuilder<boolean> =>
  sql`(check_ins.student_id <> ${viewer.userId}::uuid AND ${reaches(viewer, sql.ref('check_ins.room'))})`;

/** Enrolments that staff see, for statements over `enrolments` and `exams`. */
export const enrolmentSeenBy = (viewer: Viewer): RawBuilder<boolean> => reaches(viewer, sql.ref('enrolments.room'));

/** Students of an exam that staff see, for statements over `exams` and rows named `people`. */
export const attendanceSeenBy = (viewer: Viewer): RawBuilder<boolean> =>
  sql`(people.student_id <> ${viewer.userId}::uuid AND ${reaches(viewer, sql.ref('people.room'))})`;

export type AssignedRoom = Pick<Selectable<AssignmentsTable>, 'exam_id' | 'room'>;

/** Rooms of a person, of one exam or of all. */
export async function listRooms(ex: Executor, userId: string, examId?: string): Promise<AssignedRoom[]> {
  let query = ex.selectFrom('assignments').select(['exam_id', 'room']).where('user_id', '=', userId);
  if (examId !== undefined) query = query.where('exam_id', '=', examId);
  return query.execute();
}

export async function listExamFacts(ex: Executor, ids: readonly string[]): Promise<ExamFacts[]> {
  if (ids.length === 0) return [];
  return ex.selectFrom('exams').select(['id', 'organisation_id', 'staff_access']).where('id', 'in', ids).execute();
}
