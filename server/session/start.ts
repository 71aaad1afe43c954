import { uuidv7 } from 'uuidv7';
import { type ExamRow, findExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { findRunningSession, insertSession, type SessionRow } from '../../db/sessions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';

/** An exam that cannot be sat now says why; one that a student may not see does not exist. */
function checkOpen(exam: ExamRow | undefined, now: number): ExamRow {
  if (!exam || exam.status === 'draft' || exam.status === 'archived') throw new ProtocolError('not_found', 'there is no such exam');
  if (exam.status !== 'active') throw new ProtocolError('exam_not_active', `the exam is ${exam.status}`);
  const early = exam.starts_at && now < exam.starts_at.getTime();
  const late = exam.ends_at && now >= exam.ends_at.getTime();
  if (early || late) throw new ProtocolError('exam_outside_window', early ? 'the exam has not begun' : 'the exam is over', { retryable: Boolean(early) });
  return exam;
}

/** The earlier of the student's own time and the end of the exam's window. */
function deadlineOf(exam: ExamRow, now: number): Date | null {
  const ends = [exam.ends_at?.getTime(), exam.duration_minutes == null ? undefined : now + exam.duration_minutes * 60_000].filter((at) => at !== undefined);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/**
 * Starts an attempt of `who` at an exam.
 * @throws ProtocolError `not_found`, `exam_not_active`, `exam_outside_window`, or `session_exists` with the id of the attempt that runs
 */
export async function startSession({ db, clock }: { readonly db: Db; readonly clock: Clock }, who: { readonly userId: string }, examId: string): Promise<SessionRow> {
  const now = clock();
  const exam = checkOpen(await findExam(db, examId), now);
  const row = await insertSession(db, {
    id: uuidv7(),
    exam_id: exam.id,
    student_id: who.userId,
    policy: exam.policy,
    policy_version: exam.policy_version,
    started_at: new Date(now),
    deadline: deadlineOf(exam, now),
  });
  if (row) return row;
  const first = await findRunningSession(db, exam.id, who.userId);
  throw new ProtocolError('session_exists', 'there is a running attempt at this exam', first ? { ref: first.id } : {});
}
