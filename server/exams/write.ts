import { isDeepStrictEqual } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { appendAudit, appendAudits } from '../../db/audit.ts';
import { deleteExam } from '../../db/delete-exam.ts';
import { listExamObjects } from '../../db/evidence.ts';
import { insertPolicy } from '../../db/exam-policies.ts';
import { type ExamRow, insertExam, lockExam, updateExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { countSessions, listRunning } from '../../db/sessions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { CreateExamBody, OpenTo, ReplaceExamBody } from '../../protocol/http/exams.ts';
import type { Clock } from '../clock.ts';
import type { Disposal } from '../evidence/disposal.ts';

export interface ExamParts {
  readonly db: Db;
  readonly clock: Clock;
}

/** Who acts. */
interface Author {
  readonly userId: string;
}

/** `hidden`: there is, but it is not shown to whoever asks; only the audit log knows the difference. */
export const noExam = (hidden?: { readonly id: string }): ProtocolError =>
  new ProtocolError('not_found', 'there is no such exam', hidden && { refusal: { kind: 'not_own', target: hidden.id } });

const date = (value: string | null | undefined) => (value ? new Date(value) : null);

const termsOf = ({ title, startsAt, endsAt, durationMinutes }: CreateExamBody | ReplaceExamBody) => ({
  title,
  starts_at: date(startsAt),
  ends_at: date(endsAt),
  duration_minutes: durationMinutes ?? null,
});

/** @param openTo where the author does not say */
export function createExam({ db, clock }: ExamParts, by: Author, body: CreateExamBody, openTo: OpenTo): Promise<ExamRow> {
  const { status, policy } = body;
  const open_to = body.openTo ?? openTo;
  return db.transaction().execute(async (tx) => {
    const at = new Date(clock());
    const exam = await insertExam(tx, { id: uuidv7(), ...termsOf(body), status, open_to, policy, created_by: by.userId, created_at: at });
    await appendAudit(tx, { type: 'EXAM_CREATED', entityId: exam.id, actor: by.userId, at, payload: { status, policyVersion: exam.policy_version, ...(body.openTo && { openTo: open_to }) } });
    return exam;
  });
}

/**
 * Replaces everything but the status. A policy that is another one becomes the next version; sessions that run keep
 * theirs, and their deadlines.
 * @throws ProtocolError `not_found`
 */
export function replaceExam({ db, clock }: ExamParts, by: Author, id: string, body: ReplaceExamBody): Promise<ExamRow> {
  return db.transaction().execute(async (tx) => {
    const exam = await lockExam(tx, id, 'update');
    if (!exam) throw noExam();
    const at = new Date(clock());
    const policy = body.policy ?? exam.policy;
    const changed = !isDeepStrictEqual(policy, exam.policy);
    const policy_version = exam.policy_version + (changed ? 1 : 0);
    if (changed) await insertPolicy(tx, { exam_id: id, version: policy_version, policy, created_by: by.userId, created_at: at });
    const after = await updateExam(tx, id, { ...termsOf(body), open_to: body.openTo ?? exam.open_to, policy, policy_version });
    await appendAudit(tx, { type: 'EXAM_CHANGED', entityId: id, actor: by.userId, at, payload: { policyVersion: policy_version, ...(after.open_to !== exam.open_to && { openTo: after.open_to }) } });
    return after;
  });
}

/**
 * Deletes an exam that nobody has sat, or an archived one with all its sessions.
 * @throws ProtocolError `not_found`, `exam_has_sessions`
 */
export async function removeExam({ db, clock, pictures }: ExamParts & { readonly pictures: Pick<Disposal, 'discard'> }, by: Author, id: string): Promise<void> {
  const objects = await db.transaction().execute(async (tx) => {
    const exam = await lockExam(tx, id, 'update');
    if (!exam) throw noExam();
    const running = await listRunning(tx, id);
    const sessions = await countSessions(tx, id);
    if (running.length > 0 || (sessions > 0 && exam.status !== 'archived')) {
      throw new ProtocolError('exam_has_sessions', `the exam has ${sessions} session${sessions === 1 ? '' : 's'}; archive it first, and they are deleted with it`);
    }
    const kept = await listExamObjects(tx, id);
    const deleted = await deleteExam(tx, id);
    const act = { actor: by.userId, at: new Date(clock()) };
    const sessionActs = deleted.map((entityId) => ({ ...act, type: 'SESSION_DELETED', entityId, payload: { reason: 'exam' } }) as const);
    await appendAudits(tx, [...sessionActs, { ...act, type: 'EXAM_DELETED', entityId: id }]);
    return kept;
  });
  // Their keys went with the sessions: what is left is noise.
  pictures.discard(objects);
}
