import type { Insertable, Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { ReadmissionsTable } from './schema/readmissions.ts';

export type ReadmissionRow = Selectable<ReadmissionsTable>;
export type NamedReadmissionRow = ReadmissionRow & { by_name: string; by_email: string };
export type NewReadmission = Omit<
  Insertable<ReadmissionsTable>,
  'used_at' | 'used_session_id' | 'withdrawn_at' | 'withdrawn_by'
>;

/** @returns whether it was stored: the student can have one unused readmission per exam */
export async function insertReadmission(ex: Executor, readmission: NewReadmission): Promise<boolean> {
  const row = await ex
    .insertInto('readmissions')
    .values(readmission)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Readmissions that follow a session or led to it, oldest first. */
export async function listReadmissions(ex: Executor, sessionId: string, limit: number): Promise<NamedReadmissionRow[]> {
  return ex
    .selectFrom('readmissions')
    .innerJoin('users', 'users.id', 'readmissions.created_by')
    .selectAll('readmissions')
    .select(['users.name as by_name', 'users.email as by_email'])
    .where((eb) => eb.or([eb('session_id', '=', sessionId), eb('used_session_id', '=', sessionId)]))
    .orderBy('readmissions.id')
    .limit(limit)
    .execute();
}

/** The student's unused readmission to the exam. */
export async function findPendingReadmission(
  ex: Executor,
  examId: string,
  studentId: string,
): Promise<ReadmissionRow | undefined> {
  return ex
    .selectFrom('readmissions')
    .selectAll()
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
}

/** @returns false if it was used or withdrawn meanwhile */
export async function useReadmission(ex: Executor, id: string, sessionId: string, at: Date): Promise<boolean> {
  const row = await ex
    .updateTable('readmissions')
    .set({ used_at: at, used_session_id: sessionId })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns undefined if the session has no such unused readmission */
export async function withdrawReadmission(
  ex: Executor,
  { id, sessionId, by, at }: { id: string; sessionId: string; by: string; at: Date },
): Promise<ReadmissionRow | undefined> {
  return ex
    .updateTable('readmissions')
    .set({ withdrawn_at: at, withdrawn_by: by })
    .where('id', '=', id)
    .where('session_id', '=', sessionId)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/**
 * Withdraws unused readmissions to an exam: no start uses them any more.
 * @param of of all students or of one; `but`: not those that follow this session
 */
export async function withdrawUnused(
  ex: Executor,
  of: { readonly exam_id: string; readonly student_id?: string; readonly but?: string },
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<Pick<ReadmissionRow, 'id' | 'session_id'>[]> {
  let query = ex
    .updateTable('readmissions')
    .set({ withdrawn_at: at, withdrawn_by: by })
    .where('exam_id', '=', of.exam_id)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null);
  if (of.student_id !== undefined) query = query.where('student_id', '=', of.student_id);
  if (of.but !== undefined) query = query.where('session_id', '<>', of.but);
  return query.returning(['id', 'session_id']).execute();
}
