import { deleteSessions } from './delete-sessions.ts';
import type { Executor } from './executor.ts';

/** Sessions of an exam, oldest first. */
export async function listOldestSessions(ex: Executor, exam: string, limit: number): Promise<string[]> {
  const rows = await ex
    .selectFrom('sessions')
    .select('id')
    .where('exam_id', '=', exam)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Deletes an exam with its policies, enrolments, assignments and sessions; other tables cascade. Runs inside a transaction.
 * @returns the sessions
 */
export async function deleteExam(ex: Executor, id: string): Promise<string[]> {
  const sessions = await listOldestSessions(ex, id, Number.MAX_SAFE_INTEGER);
  await deleteSessions(ex, sessions);
  await ex.deleteFrom('enrolments').where('exam_id', '=', id).execute();
  await ex.deleteFrom('assignments').where('exam_id', '=', id).execute();
  await ex.deleteFrom('exam_policies').where('exam_id', '=', id).execute();
  await ex.deleteFrom('exams').where('id', '=', id).execute();
  return sessions;
}
