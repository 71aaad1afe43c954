import type { Executor } from './executor.ts';

/** An exam with its policies, its enrolments and its sessions. Other tables hang on its sessions by cascading keys. Part of a transaction. @returns the sessions */
export async function deleteExam(ex: Executor, id: string): Promise<string[]> {
  await ex
    .deleteFrom('events')
    .where('session_id', 'in', (qb) => qb.selectFrom('sessions').select('sessions.id').where('exam_id', '=', id))
    .execute();
  const sessions = await ex.deleteFrom('sessions').where('exam_id', '=', id).returning('id').execute();
  await ex.deleteFrom('enrolments').where('exam_id', '=', id).execute();
  await ex.deleteFrom('exam_policies').where('exam_id', '=', id).execute();
  await ex.deleteFrom('exams').where('id', '=', id).execute();
  return sessions.map((session) => session.id);
}
