import { appendAudits, type NewAuditEntry } from '../../db/audit/append.ts';
import { findStudentExam } from '../../db/available-exams.ts';
import { type CheckInRow, lockOpenCheckIn } from '../../db/check-ins.ts';
import type { Db, Executor, Tx } from '../../db/executor.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { noCheckIn, noExam } from '../access/refused.ts';
import type { Clock } from '../clock.ts';
import { refuseUploads } from '../session/live/check-in-gate.ts';
import type { CheckInPictures } from '../evidence/check-in-pictures.ts';

export interface CheckInParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly checkInPictures: Pick<CheckInPictures, 'put' | 'get'>;
  /** Removes objects from the store whose rows are gone. */
  readonly pictures: { discard(keys: readonly string[]): void };
}

/** A student and an exam. */
export interface Own {
  readonly examId: string;
  readonly studentId: string;
}

/** What an act leaves for after COMMIT. */
export interface ActResult {
  readonly audit: readonly NewAuditEntry[];
  /** Objects whose rows it deleted. */
  readonly objects?: readonly string[];
}

/** The act cannot be done in the state; `ref` is that. */
export const wrongState = ({ state }: Pick<CheckInRow, 'state'>, message: string): ProtocolError =>
  new ProtocolError('check_in_state', message, { ref: state });

/** What entries of the audit log say of every check-in. */
export const namedIn = ({ id, student_id }: Pick<CheckInRow, 'id' | 'student_id'>) => ({
  checkInId: id,
  studentId: student_id,
});

/**
 * An act of a student on their open check-in, under its lock and in one transaction with its entries: of two tabs the
 * second sees what the first did.
 * @throws ProtocolError `not_found`, and those of `act`
 */
export async function actOnOwn(
  { db, clock, pictures }: CheckInParts,
  { examId, studentId }: Own,
  act: (tx: Tx, row: CheckInRow, at: Date) => Promise<ActResult>,
): Promise<void> {
  const objects = await db.transaction().execute(async (tx) => {
    const row = await lockOpenCheckIn(tx, examId, studentId);
    if (!row) throw noCheckIn();
    const { audit, objects: gone = [] } = await act(tx, row, new Date(clock()));
    await appendAudits(tx, audit);
    return gone;
  });
  if (objects.length > 0) pictures.discard(objects);
}

/**
 * Nothing is taken for an exam that is over, or that the student cannot start any more; what was taken can be deleted.
 * @throws ProtocolError `exam_not_active`, `exam_outside_window`, or what else would refuse a start
 */
export async function checkAhead(ex: Executor, { examId, studentId }: Own, now: number): Promise<void> {
  const exam = await findStudentExam(ex, examId, studentId);
  if (!exam) throw noExam();
  refuseUploads(exam, now);
}
