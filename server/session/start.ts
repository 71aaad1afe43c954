import { uuidv7 } from 'uuidv7';
import { type EnrolmentRow, findEnrolment } from '../../db/enrolments.ts';
import { lockExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { findRunningSession, insertSession, type SessionRow } from '../../db/sessions.ts';
import type { Accommodations } from '../../protocol/accommodations.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { accommodate } from './accommodate.ts';
import { deadlineOf, isShownTo, whyClosed } from './exam-window.ts';

/** What of an enrolment changes anything; null when nothing does. */
function applied({ extra_minutes: extraMinutes, detection }: EnrolmentRow): Accommodations | null {
  return extraMinutes > 0 || Object.keys(detection).length > 0 ? { extraMinutes, detection } : null;
}

/**
 * Starts an attempt of `who` at an exam.
 * @throws ProtocolError `not_found`, `exam_not_active`, `exam_outside_window`, or `session_exists` with the id of the attempt that runs
 */
export async function startSession({ db, clock }: { readonly db: Db; readonly clock: Clock }, who: { readonly userId: string }, examId: string): Promise<SessionRow> {
  const now = clock();
  return db.transaction().execute(async (tx) => {
    // Held until COMMIT: an exam cannot be closed between this look at it and the start.
    const exam = await lockExam(tx, examId, 'share');
    const enrolment = exam && (await findEnrolment(tx, examId, who.userId));
    if (!exam || !isShownTo(exam, enrolment !== undefined)) throw new ProtocolError('not_found', 'there is no such exam');
    const extraMinutes = enrolment?.extra_minutes ?? 0;
    const closed = whyClosed(exam, extraMinutes, now);
    if (closed) throw closed;
    const accommodations = enrolment ? applied(enrolment) : null;
    const row = await insertSession(tx, {
      id: uuidv7(),
      exam_id: exam.id,
      student_id: who.userId,
      policy: accommodations ? accommodate(exam.policy, accommodations.detection) : exam.policy,
      policy_version: exam.policy_version,
      accommodations,
      started_at: new Date(now),
      deadline: deadlineOf(exam, extraMinutes, now),
    });
    if (row) return row;
    const first = await findRunningSession(tx, exam.id, who.userId);
    throw new ProtocolError('session_exists', 'there is a running attempt at this exam', first ? { ref: first.id } : {});
  });
}
