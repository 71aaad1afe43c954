import { deleteSessions } from './delete-sessions.ts';
import { sql } from 'kysely';
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

export interface ExamContents {
  readonly enrolments: number;
  readonly assignments: number;
  readonly policyVersions: number;
  readonly sessions: number;
  readonly events: number;
  readonly checkIns: number;
  /** Those of check-ins included. */
  readonly pictures: number;
  readonly verdicts: number;
}

/** Rows that are deleted with an exam. Events of a session are numbered without gaps. */
export async function countExamContents(ex: Executor, id: string): Promise<ExamContents> {
  const of = sql`(SELECT id FROM sessions WHERE exam_id = ${id}::uuid)`;
  const { rows } = await sql<ExamContents>`SELECT
    (SELECT count(*) FROM enrolments WHERE exam_id = ${id}::uuid)::integer AS enrolments,
    (SELECT count(*) FROM assignments WHERE exam_id = ${id}::uuid)::integer AS assignments,
    (SELECT count(*) FROM exam_policies WHERE exam_id = ${id}::uuid)::integer AS "policyVersions",
    count(*)::integer AS sessions, COALESCE(sum(last_seq), 0)::integer AS events,
    (SELECT count(*) FROM check_ins WHERE exam_id = ${id}::uuid)::integer AS "checkIns",
    ((SELECT count(*) FROM evidence WHERE session_id IN ${of}) + (SELECT count(*) FROM check_in_pictures
      WHERE check_in_id IN (SELECT id FROM check_ins WHERE exam_id = ${id}::uuid)))::integer AS pictures,
    (SELECT count(*) FROM verdicts WHERE session_id IN ${of})::integer AS verdicts
    FROM sessions WHERE exam_id = ${id}::uuid`.execute(ex);
  return rows[0]!;
}
