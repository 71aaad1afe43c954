import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import type { Readmission, StudentExamRow } from '../../../db/available-exams.ts';
import { listCheckInDecisions, useCheckIn } from '../../../db/check-ins.ts';
import type { Db, Executor, Tx } from '../../../db/executor.ts';
import { useReadmission } from '../../../db/readmissions.ts';
import {
  continueSession,
  countStarted,
  findRunningSession,
  findSessionByKey,
  insertSession,
  type SessionRow,
} from '../../../db/sessions.ts';
import { type ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { accommodatedPolicy } from '../rules/accommodations.ts';
import { checkInRequired, neededCheckIn } from './check-in-gate.ts';
import { extraMinutesOf, grantedTo } from './granted.ts';
import { type NextAttempt, nextAttempt } from './next-attempt.ts';
import { lockOffered } from './offered-exam.ts';
import type { LiveSessions } from './session-acts.ts';

/** Attempts that one user may start within an hour: each is stored with its policy, and has a budget of its own. */
const STARTS_AN_HOUR = 240;
const HOUR_MS = 3_600_000;
const START_RETRY_S = 120;

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

interface Started {
  readonly id: string;
  readonly replayed: boolean;
  /** Readmission under which an ended session goes on; its record gets an event of it. */
  readonly continued: Readmission | undefined;
}

/** Sender of a request to start a session for a student, if not the student. */
export type Starter = { readonly kind: 'staff' | 'key'; readonly id: string };

/** Errors of a start. */
export const START_PROBLEMS = [
  'not_found',
  'exam_not_active',
  'exam_outside_window',
  'attempts_used',
  'readmission_required',
  'appeal_open',
  'check_in_required',
  'session_exists',
  'rate_limited',
] as const satisfies readonly ErrorCode[];

export interface StartParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly sessions: LiveSessions;
}

/**
 * Starts an attempt of the student `who` at an exam. The same key again gets the same session again, whatever became of
 * it or of the exam.
 * @throws ProtocolError `not_found`, `exam_not_active`, `exam_outside_window`, `attempts_used`, `readmission_required`, `appeal_open`,
 * `check_in_required` with the open check-in, `session_exists` with the id of the attempt that runs, `rate_limited`, `idempotency_conflict`, or `account_disabled`
 * for an anonymised account
 */
export async function startSession(
  { db, clock, sessions }: StartParts,
  who: { readonly userId: string },
  examId: string,
  { key, by }: { readonly key?: string | undefined; readonly by?: Starter | undefined } = {},
): Promise<{ readonly id: string; readonly replayed: boolean }> {
  const started = await store(db, clock(), who, examId, key, by);
  if (started.continued) await sessions.ask(started.id, 'continued', { readmission: started.continued });
  return started;
}

function store(
  db: Db,
  now: number,
  who: { readonly userId: string },
  examId: string,
  key: string | undefined,
  by: Starter | undefined,
): Promise<Started> {
  return db.transaction().execute(async (tx) => {
    const before = await startedBefore(tx, who.userId, examId, key);
    if (before) return { id: before.id, replayed: true, continued: undefined };
    const exam = await lockOffered(tx, examId, who.userId, now);
    // A concurrent request with this key may have been first since the question above.
    const concurrent = exam.last && (await startedBefore(tx, who.userId, examId, key));
    if (concurrent) return { id: concurrent.id, replayed: true, continued: undefined };
    const extraMinutes = extraMinutesOf(exam);
    const next = nextAttempt({ exam, extraMinutes, last: exam.last, readmission: exam.readmission }, now);
    const checkIn = neededCheckIn(next, exam);
    if ((await countStarted(tx, who.userId, new Date(now - HOUR_MS))) >= STARTS_AN_HOUR) {
      throw new ProtocolError('rate_limited', `at most ${STARTS_AN_HOUR} session starts per hour`, {
        retryable: true,
        retryAfterSeconds: START_RETRY_S,
        refusal: { kind: 'flood', target: exam.id },
      });
    }
    const start = { exam, checkIn, studentId: who.userId, at: new Date(now), key, by };
    const started = next.kind === 'continue' ? await reopen(tx, start, next) : await begin(tx, start, next);
    if (started) return started;
    // A concurrent request was first.
    const meanwhile = await startedBefore(tx, who.userId, examId, key);
    if (meanwhile) return { id: meanwhile.id, replayed: true, continued: undefined };
    const first = await findRunningSession(tx, examId, who.userId);
    throw new ProtocolError(
      'session_exists',
      'a session of this exam is already running',
      first ? { ref: first.id } : {},
    );
  });
}

interface Start {
  readonly exam: StudentExamRow;
  /** Admitted check-in that it uses up. */
  readonly checkIn: string | undefined;
  readonly studentId: string;
  readonly at: Date;
  readonly key: string | undefined;
  readonly by: Starter | undefined;
}

/** @returns undefined if a concurrent request was first */
async function begin(
  tx: Tx,
  { exam, checkIn, studentId, at, key, by }: Start,
  next: Extract<NextAttempt, { kind: 'new' }>,
): Promise<Started | undefined> {
  const accommodations = grantedTo(exam);
  const row = await insertSession(tx, {
    id: uuidv7(),
    exam_id: exam.id,
    student_id: studentId,
    attempt: next.attempt,
    policy: accommodations ? accommodatedPolicy(exam.policy, accommodations) : exam.policy,
    policy_version: exam.policy_version,
    accommodations,
    room: exam.room,
    started_at: at,
    time_from: next.timeFrom,
    deadline: next.deadline,
    idempotency_key: key,
    started_by_staff: by?.kind === 'staff' ? by.id : null,
    started_by_key: by?.kind === 'key' ? by.id : null,
  });
  if (!row) return undefined;
  await use(tx, exam, row.id, at);
  const admission = checkIn === undefined ? undefined : await admit(tx, checkIn, row.id, at);
  await appendAudit(tx, {
    type: 'SESSION_STARTED',
    entityId: row.id,
    actor: by?.id ?? studentId,
    at,
    payload: {
      examId: exam.id,
      policyVersion: row.policy_version,
      ...(row.attempt > 1 && { attempt: row.attempt }),
      ...(exam.readmission && { readmissionId: exam.readmission.id }),
      ...(exam.profile && {
        accommodationProfileId: exam.profile.id,
        accommodationProfileVersion: exam.profile.version,
      }),
      ...admission,
      ...(by && { by: by.kind, studentId }),
    },
  });
  return { id: row.id, replayed: false, continued: undefined };
}

/**
 * Uses the admission up. @returns what the audit log says of it
 * @throws ProtocolError `check_in_required` if staff have decided otherwise meanwhile
 */
async function admit(tx: Tx, checkIn: string, session: string, at: Date): Promise<Readonly<Record<string, string>>> {
  if (!(await useCheckIn(tx, checkIn, { session, at }))) throw checkInRequired(checkIn);
  const [decision] = await listCheckInDecisions(tx, checkIn, 1);
  return { checkInId: checkIn, ...(decision && { checkInDecisionId: decision.id, admittedBy: decision.by }) };
}

/** @returns undefined if a concurrent request was first */
async function reopen(
  tx: Tx,
  { exam, studentId, at, key, by }: Start,
  { sessionId, deadline }: Extract<NextAttempt, { kind: 'continue' }>,
): Promise<Started | undefined> {
  if (!exam.readmission || !(await continueSession(tx, sessionId, { deadline, key }))) return undefined;
  await use(tx, exam, sessionId, at);
  await appendAudit(tx, {
    type: 'SESSION_CONTINUED',
    entityId: sessionId,
    actor: by?.id ?? studentId,
    at,
    payload: { readmissionId: exam.readmission.id, ...(by && { by: by.kind, studentId }) },
  });
  return { id: sessionId, replayed: false, continued: exam.readmission };
}

/** @throws ProtocolError `attempts_used` if the readmission was withdrawn meanwhile */
async function use(tx: Tx, { readmission, last }: StudentExamRow, sessionId: string, at: Date): Promise<void> {
  if (!readmission || (await useReadmission(tx, readmission.id, sessionId, at))) return;
  throw new ProtocolError('attempts_used', 'the readmission was withdrawn meanwhile', last ? { ref: last.id } : {});
}
