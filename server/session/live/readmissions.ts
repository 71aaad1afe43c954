import { uuidv7 } from 'uuidv7';
import { appendAudit, appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import { findStudentExam } from '../../../db/available-exams.ts';
import type { Db, Tx } from '../../../db/executor.ts';
import {
  findPendingReadmission,
  insertReadmission,
  listReadmissions,
  type NamedReadmissionRow,
  withdrawUnused,
  withdrawReadmission,
} from '../../../db/readmissions.ts';
import type { SessionRow } from '../../../db/sessions.ts';
import { lockUsers } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Readmission, ReadmitBody } from '../../../protocol/http/readmissions.ts';
import { refuseAnonymised } from '../../auth/accounts/anonymised.ts';
import type { Clock } from '../../clock.ts';
import { commitTo } from '../record/review-records.ts';
import { statusAt } from './exam-window.ts';
import { extraMinutesOf } from './granted.ts';
import { nextAttempt } from './next-attempt.ts';

export interface ReadmissionParts {
  readonly db: Db;
  readonly clock: Clock;
}

/** Readmissions that one answer holds. */
const MOST = 200;

export function readmissionView(row: NamedReadmissionRow): Readmission {
  return {
    id: row.id,
    sessionId: row.session_id,
    examId: row.exam_id,
    studentId: row.student_id,
    kind: row.kind,
    reason: row.reason,
    extraMinutes: row.extra_minutes,
    until: row.until?.toISOString() ?? null,
    by: { id: row.created_by, name: row.by_name, email: row.by_email },
    at: row.created_at.toISOString(),
    usedAt: row.used_at?.toISOString() ?? null,
    usedSessionId: row.used_session_id,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  };
}

export async function readmissionsOf({ db }: Pick<ReadmissionParts, 'db'>, sessionId: string): Promise<Readmission[]> {
  return (await listReadmissions(db, sessionId, MOST)).map(readmissionView);
}

/**
 * Lets the student of an ended session, which must be their latest of the exam, start once more.
 * @throws ProtocolError `session_running`, `readmission_pending`, `session_over` if a later attempt exists, or what
 * would refuse the start: `exam_not_active`, `appeal_open` if the session would continue, `exam_outside_window`, `readmission_required` if no time remains,
 * `account_disabled` for an anonymised account, `not_enrolled` in an exam for enrolled students
 */
export async function readmit(
  { db, clock }: ReadmissionParts,
  by: { readonly userId: string },
  session: Pick<SessionRow, 'id' | 'exam_id' | 'student_id'>,
  { kind, reason, extraMinutes, until }: ReadmitBody,
): Promise<Readmission> {
  const id = await db.transaction().execute(async (tx) => {
    // A start locks the same row: one of the two comes first, and the other sees what it did.
    const [student] = await lockUsers(tx, [session.student_id], 'change');
    if (student) refuseAnonymised(student);
    // Taken under the lock: readmissions are listed in the order of the log.
    const readmissionId = uuidv7();
    const at = new Date(clock());
    const row = await findStudentExam(tx, session.exam_id, session.student_id);
    if (!row?.last) throw new ProtocolError('not_found', 'session not found');
    // Without an enrolment, they would sit without a room, and nobody who watches rooms would see them.
    if (row.extra_minutes === null && row.open_to === 'enrolled')
      throw new ProtocolError('not_enrolled', 'the student is no longer enrolled; enrol them first', {
        ref: session.student_id,
      });
    if (row.last.status !== 'ended')
      throw new ProtocolError('session_running', 'session has not ended yet', { ref: row.last.id });
    if (row.last.id !== session.id)
      throw new ProtocolError('session_over', 'a later attempt exists; readmit from that one', { ref: row.last.id });
    const given = { kind, extra_minutes: extraMinutes, until: until === null ? null : new Date(until) };
    // What would refuse the start refuses the readmission, so that nobody is promised what cannot be had.
    nextAttempt(
      {
        exam: { ...row, status: statusAt(row, at.getTime()) },
        extraMinutes: extraMinutesOf(row),
        last: row.last,
        readmission: given,
      },
      at.getTime(),
    );
    const { salt, digest } = commitTo(reason);
    const { exam_id, student_id } = session;
    const outdated = await withdrawAll(tx, { exam_id, student_id, but: session.id }, by.userId, at);
    const stored = await insertReadmission(tx, {
      id: readmissionId,
      session_id: session.id,
      exam_id: session.exam_id,
      student_id: session.student_id,
      ...given,
      reason,
      reason_salt: salt,
      created_by: by.userId,
      created_at: at,
    });
    if (!stored) {
      const pending = await findPendingReadmission(tx, session.exam_id, session.student_id);
      throw new ProtocolError(
        'readmission_pending',
        'the student has a readmission that is not used yet; withdraw it first',
        pending && { ref: pending.id },
      );
    }
    await appendAudits(tx, [
      ...outdated,
      {
        type: 'STUDENT_READMITTED',
        entityId: session.id,
        actor: by.userId,
        at,
        payload: { readmissionId, kind, extraMinutes, until, reasonDigest: digest },
      },
    ]);
    return readmissionId;
  });
  const stored = (await readmissionsOf({ db }, session.id)).find((one) => one.id === id);
  if (!stored) throw new Error('readmission missing after it was written');
  return stored;
}

/** Withdraws unused readmissions to an exam. @returns entries for the audit log, to be appended in the same transaction */
export async function withdrawAll(
  tx: Tx,
  of: Parameters<typeof withdrawUnused>[1],
  actor: string,
  at: Date,
): Promise<NewAuditEntry[]> {
  const withdrawn = await withdrawUnused(tx, of, { by: actor, at });
  return withdrawn.map((one) => readmissionWithdrawn(one.session_id, actor, at, one.id));
}

const readmissionWithdrawn = (entityId: string, actor: string, at: Date, readmissionId: string): NewAuditEntry => ({
  type: 'READMISSION_WITHDRAWN',
  entityId,
  actor,
  at,
  payload: { readmissionId },
});

/** @throws ProtocolError `not_found`, also for one that was used */
export async function withdraw(
  { db, clock }: ReadmissionParts,
  by: { readonly userId: string },
  sessionId: string,
  id: string,
): Promise<void> {
  const at = new Date(clock());
  await db.transaction().execute(async (tx) => {
    if (!(await withdrawReadmission(tx, { id, sessionId, by: by.userId, at })))
      throw new ProtocolError('not_found', 'no unused readmission of this session with this id');
    await appendAudit(tx, readmissionWithdrawn(sessionId, by.userId, at, id));
  });
}
