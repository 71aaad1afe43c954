import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { AssignmentsTable } from './schema/assignments.ts';
import type { UserRow } from './users.ts';

export type AssignmentRow = Selectable<AssignmentsTable>;
export type NamedAssignmentRow = AssignmentRow & { user_name: string; user_email: string; user_role: UserRow['role'] };
export type OwnAssignmentRow = AssignmentRow & { exam_title: string };

/** @returns false if the assignment exists already */
export async function insertAssignment(ex: Executor, assignment: AssignmentRow): Promise<boolean> {
  const row = await ex
    .insertInto('assignments')
    .values(assignment)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns the deleted row */
export async function deleteAssignment(ex: Executor, examId: string, id: string): Promise<AssignmentRow | undefined> {
  return ex
    .deleteFrom('assignments')
    .where('exam_id', '=', examId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** @returns the deleted rows */
export async function deleteAssignmentsOf(ex: Executor, userId: string): Promise<AssignmentRow[]> {
  return ex.deleteFrom('assignments').where('user_id', '=', userId).returningAll().execute();
}

const named = (ex: Executor) =>
  ex
    .selectFrom('assignments')
    .innerJoin('users', 'users.id', 'assignments.user_id')
    .selectAll('assignments')
    .select(['users.name as user_name', 'users.email as user_email', 'users.role as user_role']);

export async function findAssignment(
  ex: Executor,
  { exam_id, user_id, room }: Pick<AssignmentRow, 'exam_id' | 'user_id' | 'room'>,
): Promise<NamedAssignmentRow | undefined> {
  return named(ex)
    .where('exam_id', '=', exam_id)
    .where('user_id', '=', user_id)
    .where('room', room === null ? 'is' : '=', room)
    .executeTakeFirst();
}

interface Page {
  /** Id of the last assignment of the previous page. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Assignments of an exam, newest first. */
export async function listAssignments(
  ex: Executor,
  examId: string,
  { cursor, limit }: Page,
): Promise<NamedAssignmentRow[]> {
  let query = named(ex).where('exam_id', '=', examId).orderBy('assignments.id', 'desc').limit(limit);
  if (cursor !== undefined) query = query.where('assignments.id', '<', cursor);
  return query.execute();
}

/** Assignments of a person, newest first. */
export async function listOwnAssignments(
  ex: Executor,
  userId: string,
  { cursor, limit }: Page,
): Promise<OwnAssignmentRow[]> {
  let query = ex
    .selectFrom('assignments')
    .innerJoin('exams', 'exams.id', 'assignments.exam_id')
    .selectAll('assignments')
    .select('exams.title as exam_title')
    .where('user_id', '=', userId)
    .orderBy('assignments.id', 'desc')
    .limit(limit);
  if (cursor !== undefined) query = query.where('assignments.id', '<', cursor);
  return query.execute();
}
