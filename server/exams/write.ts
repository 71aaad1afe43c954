import { isDeepStrictEqual } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { appendAudit, appendAudits } from '../../db/audit/append.ts';
import { changed } from '../../db/audit/changed-fields.ts';
import { deleteCheckInPictures, listCheckInObjects } from '../../db/check-in-pictures.ts';
import { deleteCheckIns, listUnusedCheckIns, lockCheckIns } from '../../db/check-in-retention.ts';
import { deleteExam, listOldestSessions } from '../../db/delete-exam.ts';
import { deleteSessions } from '../../db/delete-sessions.ts';
import { checkInDeleted } from '../../db/erase-check-ins.ts';
import { listSessionEvidence } from '../../db/evidence.ts';
import { insertPolicy } from '../../db/exam-policies.ts';
import { type ExamChange, type ExamRow, insertExam, lockExam, updateExam } from '../../db/exams.ts';
import type { Db, Tx } from '../../db/executor.ts';
import { findFrozen, lockUnfrozen } from '../../db/frozen.ts';
import { findProfileVersion } from '../../db/profiles.ts';
import { countSessions } from '../../db/sessions.ts';
import { Policy } from '../../protocol/policy.ts';
import { chosenProfile } from '../access/profile-access.ts';
import { badField, ProtocolError } from '../../protocol/errors.ts';
import {
  type CreateExamBody,
  type ExamPolicyProfileBody,
  NO_START,
  type OpenTo,
  type ReplaceExamBody,
} from '../../protocol/http/exams.ts';
import type { AccessChanges } from '../access/live-access.ts';
import { refuseOwnExam } from '../access/own-exam.ts';
import { noExam, refuseFrozen } from '../access/refused.ts';
import type { Clock } from '../clock.ts';
import { checkBase } from '../../db/revision.ts';
import type { EvidenceRetention } from '../evidence/evidence-retention.ts';
import { examRevision } from './exam-view.ts';

export interface ExamParts {
  readonly db: Db;
  readonly clock: Clock;
}

/** Acting user. */
interface Author {
  readonly userId: string;
}

const date = (value: string | null | undefined) => (value ? new Date(value) : null);

const termsOf = ({ title, startsAt, endsAt, durationMinutes }: CreateExamBody | ReplaceExamBody) => ({
  title,
  starts_at: date(startsAt),
  ends_at: date(endsAt),
  duration_minutes: durationMinutes ?? null,
});

/** What an author need not choose. */
export interface ExamDefaults {
  readonly openTo: OpenTo;
  readonly timeZone: string;
}

export function createExam(
  { db, clock }: ExamParts,
  by: Author,
  body: Omit<CreateExamBody, 'organisationId'>,
  { openTo, timeZone, organisationId }: ExamDefaults & { readonly organisationId: string },
): Promise<ExamRow> {
  const { status, staffAccess: staff_access } = body;
  const open_to = body.openTo ?? openTo;
  return db.transaction().execute(async (tx) => {
    const at = new Date(clock());
    const taken = body.policyProfileId
      ? await takenFrom(
          tx,
          body.policyProfileId,
          { organisation: organisationId, had: null },
          body.policyProfileVersion,
        )
      : { policy: body.policy ?? Policy.parse({}) };
    const exam = await insertExam(tx, {
      id: uuidv7(),
      ...termsOf(body),
      late_start_minutes: body.lateStartMinutes ?? null,
      time_zone: body.timeZone ?? timeZone,
      max_attempts: body.maxAttempts,
      active_since: status === 'active' ? at : null,
      status,
      open_to,
      organisation_id: organisationId,
      staff_access,
      review_sample_percent: body.reviewSamplePercent,
      ...taken,
      created_by: by.userId,
      created_at: at,
    });
    await appendAudit(tx, {
      type: 'EXAM_CREATED',
      entityId: exam.id,
      actor: by.userId,
      at,
      payload: {
        status,
        policyVersion: exam.policy_version,
        ...(body.openTo && { openTo: open_to }),
        ...(staff_access === 'all' && { staffAccess: staff_access }),
        ...(body.reviewSamplePercent > 0 && { reviewSamplePercent: body.reviewSamplePercent }),
        ...profileOf(exam),
        ...changed(undefined, timesOf(exam)),
      },
    });
    return exam;
  });
}

type Taken = Pick<ExamChange, 'policy' | 'policy_profile_id' | 'policy_profile_version'>;

/** Copy of a version of a profile, the current one by default. @throws ProtocolError `not_found`, `profile_archived` */
async function takenFrom(
  tx: Tx,
  id: string,
  facts: Parameters<typeof chosenProfile>[3],
  asked?: number,
): Promise<Required<Taken>> {
  const profile = await chosenProfile(tx, 'policy', id, facts);
  const version = asked ?? profile.version;
  const content = version === profile.version ? profile.content : await findProfileVersion(tx, profile, version);
  if (content === undefined) throw new ProtocolError('not_found', 'profile version not found', { ref: version });
  // Parsed, so that settings newer than the profile have their defaults.
  return { policy: Policy.parse(content), policy_profile_id: id, policy_profile_version: version };
}

const profileOf = ({ policy_profile_id, policy_profile_version }: ExamRow) =>
  policy_profile_id !== null && { policyProfileId: policy_profile_id, policyProfileVersion: policy_profile_version };

/** Policy of an exam after a change: that of a profile, the given one, or as it was. */
async function policyAfter(
  tx: Tx,
  exam: ExamRow,
  { policy, policyProfileId }: Pick<ReplaceExamBody, 'policy' | 'policyProfileId'>,
): Promise<Taken> {
  if (policyProfileId)
    return takenFrom(tx, policyProfileId, { organisation: exam.organisation_id, had: exam.policy_profile_id });
  const isKept = policyProfileId === undefined && (policy === undefined || isDeepStrictEqual(policy, exam.policy));
  return {
    policy: policy ?? exam.policy,
    policy_profile_id: isKept ? exam.policy_profile_id : null,
    policy_profile_version: isKept ? exam.policy_profile_version : null,
  };
}

/** Writes a changed policy as the next version of the exam's. @returns its number */
async function nextPolicyVersion(tx: Tx, exam: ExamRow, policy: Policy, by: Author, at: Date): Promise<number> {
  if (isDeepStrictEqual(policy, exam.policy)) return exam.policy_version;
  const version = exam.policy_version + 1;
  await insertPolicy(tx, { exam_id: exam.id, version, policy, created_by: by.userId, created_at: at });
  return version;
}

/**
 * Replaces all fields except the status. A changed policy becomes the next version; running sessions keep theirs and
 * their deadlines. Open consoles follow changed staff access before this resolves.
 * @throws ProtocolError `not_found`, `profile_archived`; `bad_request` for a scheduled exam without a start; `changed_meanwhile` with a `baseRevision`; `forbidden` for
 * staff with a session in it
 */
export async function replaceExam(
  { db, clock, access }: ExamParts & { readonly access: AccessChanges },
  by: Author,
  id: string,
  body: ReplaceExamBody,
): Promise<ExamRow> {
  const result = await db.transaction().execute(async (tx) => {
    const exam = await lockExam(tx, id, 'update');
    if (!exam) throw noExam();
    await refuseOwnExam(tx, id, by);
    if (exam.status === 'scheduled' && !body.startsAt) throw badField('body.startsAt', NO_START);
    const at = new Date(clock());
    const taken = await policyAfter(tx, exam, body);
    const policy_version = await nextPolicyVersion(tx, exam, taken.policy, by, at);
    const after = await updateExam(tx, id, {
      ...termsOf(body),
      late_start_minutes: body.lateStartMinutes === undefined ? exam.late_start_minutes : body.lateStartMinutes,
      time_zone: body.timeZone ?? exam.time_zone,
      max_attempts: body.maxAttempts === undefined ? exam.max_attempts : body.maxAttempts,
      open_to: body.openTo ?? exam.open_to,
      staff_access: body.staffAccess ?? exam.staff_access,
      review_sample_percent: body.reviewSamplePercent ?? exam.review_sample_percent,
      ...taken,
      policy_version,
    });
    checkBase(body.baseRevision, examRevision(exam), examRevision(after));
    await appendAudit(tx, {
      type: 'EXAM_CHANGED',
      entityId: id,
      actor: by.userId,
      at,
      payload: {
        policyVersion: policy_version,
        ...(after.open_to !== exam.open_to && { openTo: after.open_to }),
        ...(after.staff_access !== exam.staff_access && { staffAccess: after.staff_access }),
        ...(after.review_sample_percent !== exam.review_sample_percent && {
          reviewSamplePercent: after.review_sample_percent,
        }),
        ...newProfileOf(exam, after),
        ...changed(settingsOf(exam), settingsOf(after)),
        ...(after.title !== exam.title && { fields: ['title'] }),
      },
    });
    return { after, before: exam };
  });
  if (result.after.staff_access !== result.before.staff_access) await access.examChanged(id);
  return result.after;
}

const timesOf = (exam: ExamRow) => ({
  startsAt: exam.starts_at,
  endsAt: exam.ends_at,
  durationMinutes: exam.duration_minutes,
  lateStartMinutes: exam.late_start_minutes,
  maxAttempts: exam.max_attempts,
});

/** Logged with their values before and after. */
const settingsOf = (exam: ExamRow) => ({
  ...timesOf(exam),
  timeZone: exam.time_zone,
  openTo: exam.open_to,
  staffAccess: exam.staff_access,
  reviewSamplePercent: exam.review_sample_percent,
  policyProfileId: exam.policy_profile_id,
  policyProfileVersion: exam.policy_profile_version,
  policyVersion: exam.policy_version,
});

/** Profile of an exam if a change has touched it; an id of null: it has left its profile. */
const newProfileOf = (before: ExamRow, after: ExamRow) =>
  (before.policy_profile_id !== after.policy_profile_id ||
    before.policy_profile_version !== after.policy_profile_version) && {
    policyProfileId: after.policy_profile_id,
    policyProfileVersion: after.policy_profile_version,
  };

/**
 * Takes over the current version of a profile; running sessions keep their policy.
 * @throws ProtocolError `not_found`, `profile_archived` unless the exam has the profile; `changed_meanwhile`
 */
export function takePolicyProfile(
  { db, clock }: ExamParts,
  by: Author,
  id: string,
  { policyProfileId, baseRevision }: ExamPolicyProfileBody,
): Promise<ExamRow> {
  return db.transaction().execute(async (tx) => {
    const exam = await lockExam(tx, id, 'update');
    if (!exam) throw noExam();
    await refuseOwnExam(tx, id, by);
    const at = new Date(clock());
    const taken = await policyAfter(tx, exam, { policyProfileId });
    const policy_version = await nextPolicyVersion(tx, exam, taken.policy, by, at);
    const after = await updateExam(tx, id, { ...taken, policy_version });
    checkBase(baseRevision, examRevision(exam), examRevision(after));
    await appendAudit(tx, {
      type: 'EXAM_CHANGED',
      entityId: id,
      actor: by.userId,
      at,
      payload: {
        policyVersion: policy_version,
        ...newProfileOf(exam, after),
        ...changed(settingsOf(exam), settingsOf(after)),
      },
    });
    return after;
  });
}

/**
 * Deletes an exam without sessions, or an archived one with all its sessions. These are deleted first, one per
 * transaction, since a transaction blocks the embedded database. A repeated call deletes the rest.
 * @throws ProtocolError `not_found`, `exam_has_sessions`, `appeal_open`; `forbidden` for staff with a session in it
 */
export async function removeExam(
  parts: ExamParts & { readonly pictures: Pick<EvidenceRetention, 'discard'> },
  by: Author,
  id: string,
): Promise<void> {
  const { db, clock } = parts;
  await db.transaction().execute(async (tx) => {
    await lockRemovable(tx, id);
    await refuseOwnExam(tx, id, by);
    refuseFrozen(await findFrozen(tx, { exam: id }));
  });
  while (await removeSession(parts, by, id));
  while (await removeCheckIns(parts, by, id));
  await db.transaction().execute(async (tx) => {
    await lockRemovable(tx, id);
    refuseFrozen(await findFrozen(tx, { exam: id }));
    await deleteExam(tx, id);
    await appendAudit(tx, { type: 'EXAM_DELETED', entityId: id, actor: by.userId, at: new Date(clock()) });
  });
}

async function lockRemovable(tx: Tx, id: string): Promise<void> {
  const exam = await lockExam(tx, id, 'update');
  if (!exam) throw noExam();
  // An archived exam has no running sessions and accepts none.
  if (exam.status === 'archived') return;
  const sessions = await countSessions(tx, id);
  if (sessions > 0)
    throw new ProtocolError(
      'exam_has_sessions',
      `the exam has ${sessions} session${sessions === 1 ? '' : 's'}; archive it first, then they are deleted with it`,
    );
}

/** Deletes the oldest session. @returns whether there was one */
async function removeSession(
  { db, clock, pictures }: ExamParts & { readonly pictures: Pick<EvidenceRetention, 'discard'> },
  by: Author,
  exam: string,
): Promise<boolean> {
  const objects = await db.transaction().execute(async (tx) => {
    await lockRemovable(tx, exam);
    const [session] = await listOldestSessions(tx, exam, 1);
    if (session === undefined) return undefined;
    if ((await lockUnfrozen(tx, [session])).length === 0) refuseFrozen(session);
    const kept = [...(await listSessionEvidence(tx, [session])), ...(await listCheckInObjects(tx, [session]))];
    await deleteSessions(tx, [session]);
    await appendAudit(tx, {
      type: 'SESSION_DELETED',
      entityId: session,
      actor: by.userId,
      at: new Date(clock()),
      payload: { reason: 'exam' },
    });
    return kept.map(({ object_key }) => object_key);
  });
  // Their key was deleted with the session, so the objects are unreadable.
  if (objects && objects.length > 0) pictures.discard(objects);
  return objects !== undefined;
}

/** Check-ins deleted in one transaction. */
const CHECK_INS_AT_ONCE = 20;

/** Deletes the oldest check-ins that no session has used. @returns whether there were some */
async function removeCheckIns(
  { db, clock, pictures }: ExamParts & { readonly pictures: Pick<EvidenceRetention, 'discard'> },
  by: Author,
  exam: string,
): Promise<boolean> {
  const objects = await db.transaction().execute(async (tx) => {
    await lockRemovable(tx, exam);
    const rows = await lockCheckIns(tx, await listUnusedCheckIns(tx, exam, CHECK_INS_AT_ONCE));
    if (rows.length === 0) return undefined;
    const ids = rows.map(({ id }) => id);
    const gone = await deleteCheckInPictures(tx, ids);
    await deleteCheckIns(tx, ids);
    const at = new Date(clock());
    await appendAudits(
      tx,
      rows.map((row) => checkInDeleted(row, { reason: 'exam', actor: by.userId, at })),
    );
    return gone.map(({ object_key }) => object_key);
  });
  if (objects && objects.length > 0) pictures.discard(objects);
  return objects !== undefined;
}
