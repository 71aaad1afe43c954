import { findStudentExam, type StudentExamRow } from '../../../db/available-exams.ts';
import { lockExam } from '../../../db/exams.ts';
import type { Tx } from '../../../db/executor.ts';
import { lockUsers } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { refuseAnonymised } from '../../auth/accounts/anonymised.ts';
import { isShownTo, statusAt } from './exam-window.ts';

/**
 * An exam that is for the student, with its status at `now`. Until COMMIT it cannot be closed, and the student is
 * neither readmitted nor anonymised.
 * @throws ProtocolError `not_found`, `account_disabled`
 */
export async function lockOffered(tx: Tx, examId: string, studentId: string, now: number): Promise<StudentExamRow> {
  const locked = await lockExam(tx, examId, 'share');
  const [student] = await lockUsers(tx, [studentId], 'share');
  if (student) refuseAnonymised(student);
  const row = locked && (await findStudentExam(tx, examId, studentId));
  const exam = row && { ...row, status: statusAt(row, now) };
  const isEnrolled = exam !== undefined && exam.extra_minutes !== null;
  const isOffered = exam && (isEnrolled || student?.organisation_id === exam.organisation_id);
  const isReadmitted = exam?.readmission && (isEnrolled || exam.open_to === 'all');
  if (exam && ((isOffered && isShownTo(exam, isEnrolled)) || isReadmitted)) return exam;
  throw new ProtocolError('not_found', 'exam not found', exam && { refusal: { kind: 'not_own', target: exam.id } });
}
