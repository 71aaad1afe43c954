import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import { type EnrolmentRow, findEnrolment } from '../../../db/enrolments.ts';
import { lockExam } from '../../../db/exams.ts';
import type { Db, Executor } from '../../../db/executor.ts';
import {
  countStarted,
  findRunningSession,
  findSessionByKey,
  insertSession,
  type SessionRow,
} from '../../../db/sessions.ts';
import { isOfOrganisation } from '../../../db/users.ts';
import type { Accommodations } from '../../../protocol/accommodations.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { accommodate } from '../rules/accommodations.ts';
import { deadlineOf, isShownTo, whyClosed } from './exam-window.ts';

/** Attempts that one user may start within an hour: each is stored with its policy, and has a budget of its own. */
const STARTS_AN_HOUR = 240;
const HOUR_MS = 3_600_000;
const START_RETRY_S = 120;

/** Accommodations of an enrolment; null without any. */
function applied({ extra_minutes: extraMinutes, detection }: EnrolmentRow): Accommodations | null {
  return extraMinutes > 0 || Object.keys(detection).length > 0 ? { extraMinutes, detection } : null;
}

/** Session that an earlier request with this key started. @throws ProtocolError `idempotency_conflict` */
async function startedBefore(
  ex: Executor,
  studentId: string,
  examId: string,
  key: string | undefined,
): Promise<SessionRow | undefined> {
  const row = key === undefined ? undefined : await findSessionByKey(ex, studentId, key);
  if (row && row.exam_id !== examId)
    throw new ProtocolError('idempotency_conflict', 'this Idempotency-Key was used for another exam', { ref: row.id });
  return row;
}

/** Sender of a request to start a session for a student, if not the student. */
export type Starter = { readonly kind: 'staff' | 'key'; readonly id: string };

/**
 * Starts an attempt of the student `who` at an exam. The same key again gets the same session again, whatever became of it or of
 * the exam.
 * @throws ProtocolError `not_found`, `exam_not_active`, `exam_outside_window`, `session_exists` with the id of the
 * attempt that runs, `rate_limited`, or `idempotency_conflict`
 */
export async function startSession(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  who: { readonly userId: string },
  examId: string,
  { key, by }: { readonly key?: string | undefined; readonly by?: Starter | undefined } = {},
): Promise<{ readonly id: string; readonly replayed: boolean }> {
  const now = clock();
  return db.transaction().execute(async (tx) => {
    const before = await startedBefore(tx, who.userId, examId, key);
    if (before) return { id: before.id, replayed: true };
    // Locked until COMMIT: the exam cannot be closed between this check and the start.
    const exam = await lockExam(tx, examId, 'share');
    const enrolment = exam && (await findEnrolment(tx, examId, who.userId));
    const isOffered =
      exam && (enrolment !== undefined || (await isOfOrganisation(tx, who.userId, exam.organisation_id)));
    if (!isOffered || !isShownTo(exam, enrolment !== undefined))
      throw new ProtocolError('not_found', 'exam not found', exam && { refusal: { kind: 'not_own', target: exam.id } });
    const extraMinutes = enrolment?.extra_minutes ?? 0;
    const closed = whyClosed(exam, extraMinutes, now);
    if (closed) throw closed;
    if ((await countStarted(tx, who.userId, new Date(now - HOUR_MS))) >= STARTS_AN_HOUR) {
      throw new ProtocolError('rate_limited', `at most ${STARTS_AN_HOUR} session starts per hour`, {
        retryable: true,
        retryAfterSeconds: START_RETRY_S,
        refusal: { kind: 'flood', target: exam.id },
      });
    }
    const accommodations = enrolment ? applied(enrolment) : null;
    const row = await insertSession(tx, {
      id: uuidv7(),
      exam_id: exam.id,
      student_id: who.userId,
      policy: accommodations ? accommodate(exam.policy, accommodations.detection) : exam.policy,
      policy_version: exam.policy_version,
      accommodations,
      room: enrolment?.room ?? null,
      started_at: new Date(now),
      deadline: deadlineOf(exam, extraMinutes, now),
      idempotency_key: key,
      started_by_staff: by?.kind === 'staff' ? by.id : null,
      started_by_key: by?.kind === 'key' ? by.id : null,
    });
    if (row) {
      await appendAudit(tx, {
        type: 'SESSION_STARTED',
        entityId: row.id,
        actor: by?.id ?? who.userId,
        at: row.started_at,
        payload: {
          examId: exam.id,
          policyVersion: row.policy_version,
          ...(by && { by: by.kind, studentId: who.userId }),
        },
      });
      return { id: row.id, replayed: false };
    }
    // A concurrent request was first.
    const meanwhile = await startedBefore(tx, who.userId, examId, key);
    if (meanwhile) return { id: meanwhile.id, replayed: true };
    const first = await findRunningSession(tx, exam.id, who.userId);
    throw new ProtocolError(
      'session_exists',
      'a session of this exam is already running',
      first ? { ref: first.id } : {},
    );
  });
}
