import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';

/** The audit log: entities, and the acts that are recorded. */

export const AUDIT_ENTITIES = ['exam', 'session', 'user', 'system'] as const;
export const AuditEntity = z.enum(AUDIT_ENTITIES);
export type AuditEntity = z.infer<typeof AuditEntity>;

/** The server, of type `system`. Its chain begins with the genesis entry. */
export const SYSTEM_ID = '00000000-0000-0000-0000-000000000000';
/** Security events, of type `system`: a chain of its own, so that strangers cannot precede or delay the genesis entry. */
export const SECURITY_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Recorded acts by name, with their entity and meaning. */
export const AUDIT_EVENTS = {
  GENESIS: { entityType: 'system', meaning: 'Log initialised' },
  ORGANISATION_CREATED: { entityType: 'system', meaning: 'Organisation created; entity id: the organisation' },
  ORGANISATION_RENAMED: { entityType: 'system', meaning: 'Organisation renamed; entity id: the organisation' },
  PROFILE_CREATED: {
    entityType: 'system',
    meaning: 'Policy or accommodation profile created; entity id: the profile; payload: kind, organisationId, version',
  },
  PROFILE_CHANGED: {
    entityType: 'system',
    meaning:
      'Profile renamed, changed, archived or restored; entity id: the profile; payload: kind, version, renamed, archived',
  },
  PROFILE_DELETED: { entityType: 'system', meaning: 'Profile deleted; entity id: the profile; payload: kind' },
  USER_CREATED: { entityType: 'user', meaning: 'Account created; payload: role, organisationId if not the first' },
  USER_MOVED: { entityType: 'user', meaning: 'Moved to another organisation; payload: from, to' },
  USER_ROLE_CHANGED: { entityType: 'user', meaning: 'Role changed; payload: from, to' },
  USER_CHANGED: {
    entityType: 'user',
    meaning:
      'Account changed; payload: fields, without their values; with a changed name also nameChangeId and namesDigest',
  },
  USER_ANONYMISED: { entityType: 'user', meaning: 'Name, address and numbers of an account replaced' },
  USER_DISABLED: { entityType: 'user', meaning: 'Account disabled' },
  USER_ENABLED: { entityType: 'user', meaning: 'Account enabled again' },
  EXAM_CREATED: {
    entityType: 'exam',
    meaning:
      'Exam created; payload: status, policyVersion, openTo if the author chose it, staffAccess if it is all, reviewSamplePercent if it is not 0, policyProfileId and policyProfileVersion if it has one; changes: times, limits and attempts, each as null and the value',
  },
  EXAM_CHANGED: {
    entityType: 'exam',
    meaning:
      'Exam changed; payload: policyVersion; openTo, staffAccess, reviewSamplePercent, policyProfileId and policyProfileVersion if changed; changes: each changed setting before and after; fields: title if changed; messageTemplates (their number, null for the standard ones) if only they changed',
  },
  EXAM_STATUS_CHANGED: { entityType: 'exam', meaning: 'Exam status changed; payload: from, to' },
  EXAM_DELETED: { entityType: 'exam', meaning: 'Exam deleted' },
  ENROLMENT_CHANGED: {
    entityType: 'exam',
    meaning:
      'Student enrolled, or enrolment changed; payload: studentId, isNew if enrolled by it, changes: room, seat, extraMinutes and accommodationProfileId before and after; fields: detection if the own settings were changed',
  },
  ENROLMENTS_IMPORTED: {
    entityType: 'exam',
    meaning: 'Students enrolled by an import; payload: studentIds. Enrolments that it changed are ENROLMENT_CHANGED',
  },
  ENROLMENT_REMOVED: { entityType: 'exam', meaning: 'Enrolment removed; payload: studentId' },
  STAFF_ASSIGNED: {
    entityType: 'exam',
    meaning: 'Proctor or reviewer assigned; payload: userId, wholeExam (false: one room), room, assignmentId',
  },
  STAFF_UNASSIGNED: {
    entityType: 'exam',
    meaning: 'Assignment removed; payload: userId, wholeExam, room, assignmentId',
  },
  CHECK_IN_OPENED: {
    entityType: 'exam',
    meaning: 'Check-in opened by a student; payload: checkInId, studentId, wants (what the policy asks for), keepDays',
  },
  CHECK_IN_SUBMITTED: {
    entityType: 'exam',
    meaning:
      'Student in the waiting room; payload: checkInId, studentId, pictures (id, kind and digest of each), missing (what the policy asks for besides)',
  },
  CHECK_IN_LEFT: { entityType: 'exam', meaning: 'Student out of the waiting room; payload: checkInId, studentId' },
  CHECK_IN_WITHDRAWN: {
    entityType: 'exam',
    meaning: 'Check-in withdrawn by its student, with all pictures erased; payload: checkInId, studentId, pictures',
  },
  CHECK_IN_DECIDED: {
    entityType: 'exam',
    meaning:
      'Student admitted, held or refused by staff, or a refused check-in reopened; payload: checkInId, studentId, decisionId, decision, shown, missing, retake, reasonDigest if there is a reason',
  },
  CHECK_IN_VIEWED: {
    entityType: 'exam',
    meaning: 'Picture of a check-in viewed by staff; payload: checkInId, studentId, pictureId, kind',
  },
  CHECK_IN_ERASED: {
    entityType: 'exam',
    meaning:
      'Pictures of a check-in erased; payload: checkInId, studentId, pictures, reason (retention: days of the policy over; retaken: by the student; anonymised: with the account; unenrolled: with the enrolment)',
  },
  CHECK_IN_DELETED: {
    entityType: 'exam',
    meaning:
      'Check-in that no attempt has used deleted; payload: checkInId, studentId, reason (retention, or exam: deleted with the exam)',
  },
  SESSION_STARTED: {
    entityType: 'session',
    meaning:
      'Attempt started by its student; payload: examId, policyVersion; accommodationProfileId and accommodationProfileVersion if it has one; checkInId, checkInDecisionId and admittedBy after a check-in; if by an admin or an API key, also by (staff or key) and studentId',
  },
  SESSION_CONTINUED: {
    entityType: 'session',
    meaning:
      'Ended attempt continued under a readmission; payload: readmissionId; if by an admin or an API key, also by and studentId',
  },
  SESSION_MOVED: {
    entityType: 'session',
    meaning: 'Running attempt moved to another room with its enrolment; payload: examId',
  },
  STUDENT_READMITTED: {
    entityType: 'session',
    meaning:
      'Student of the ended attempt readmitted; payload: readmissionId, kind (continue or new), extraMinutes, until, reasonDigest',
  },
  READMISSION_WITHDRAWN: {
    entityType: 'session',
    meaning: 'Readmission withdrawn before its use; payload: readmissionId',
  },
  SESSION_ENDED: { entityType: 'session', meaning: 'Attempt ended; payload: reason, riskScore, riskLevel, events' },
  EVENTS_STORED: {
    entityType: 'session',
    meaning:
      'Events stored or changed; payload: events, each with its number, the offset of the change, and a salted digest of its row',
  },
  SESSION_DELETED: {
    entityType: 'session',
    meaning:
      'Attempt deleted with all of its data; payload: reason (retention: retention period over; exam: deleted with the exam)',
  },
  COMMAND_GIVEN: {
    entityType: 'session',
    meaning:
      'Attempt paused, resumed, extended or terminated by a proctor, message sent, raised hand lowered, or head turn, look at the room or face check asked for; payload: do, eventId, minutes',
  },
  FACE_CHECKED: {
    entityType: 'session',
    meaning: "Student's face compared with the picture of the start by a person; payload: eventId, outcome",
  },
  EVENT_REVIEWED: {
    entityType: 'session',
    meaning:
      'Event confirmed, dismissed or reopened by a reviewer; payload: reviewId, eventId, decision, reasonDigest; of a group decision or an undo also actId, of an undo also undoes (the act undone)',
  },
  REVIEW_ASSIGNED: {
    entityType: 'session',
    meaning: 'Attempt given to a reviewer, or taken back; payload: reviewer (null: nobody), before',
  },
  SESSION_SEEN: {
    entityType: 'session',
    meaning: 'Running attempt marked as seen by staff; payload: attention (the value they saw)',
  },
  SESSION_CLAIMED: {
    entityType: 'session',
    meaning:
      'Running attempt taken by a person of the staff, handed over or released; payload: to (null: nobody), before',
  },
  SESSION_FLAGGED: {
    entityType: 'session',
    meaning: 'Irregularity flagged by staff; payload: eventId, category, weight',
  },
  SNAPSHOT_TAKEN: { entityType: 'session', meaning: 'Picture kept by staff; payload: eventId' },
  FLAG_CATEGORIES_CHANGED: {
    entityType: 'exam',
    meaning: 'Irregularities that staff can flag changed; payload: weights by code (null: the defaults)',
  },
  NOTE_ADDED: {
    entityType: 'session',
    meaning: 'Internal note of staff added; payload: noteId, noteDigest',
  },
  VERDICT_GIVEN: {
    entityType: 'session',
    meaning: 'Verdict on an attempt; payload: verdictId, verdict, reasonDigest',
  },
  VERDICT_RELEASED: {
    entityType: 'session',
    meaning: 'Verdict released to the student; payload: releaseId, verdictId, events (those that decided it)',
  },
  VERDICT_ANSWERED: {
    entityType: 'session',
    meaning: 'Released verdict answered by the student; payload: answerId, releaseId, textDigest',
  },
  VERDICT_APPEALED: {
    entityType: 'session',
    meaning: 'Appeal of the student against a released verdict; payload: appealId, releaseId, textDigest',
  },
  APPEAL_ASSIGNED: {
    entityType: 'session',
    meaning: 'Appeal given to a person, or taken back; payload: appealId, officer (null: nobody), before',
  },
  APPEAL_DECIDED: {
    entityType: 'session',
    meaning:
      'Outcome of an appeal; payload: outcomeId, appealId, outcome (upheld, changed, withdrawn), reasonDigest unless withdrawn, verdictId if changed',
  },
  EVIDENCE_KEPT: {
    entityType: 'session',
    meaning: 'Encrypted picture of an incident stored; payload: evidenceId, eventId, kind, digest',
  },
  EVIDENCE_VIEWED: {
    entityType: 'session',
    meaning: 'Picture of an incident viewed; payload: evidenceId, eventId, kind',
  },
  EVIDENCE_DELETED: {
    entityType: 'session',
    meaning: 'Pictures of an attempt deleted at the end of their retention period; payload: pictures',
  },
  SESSION_RESCORED: {
    entityType: 'session',
    meaning:
      'Attempt rescored under another policy version; payload: rescoreId, policyVersion, riskScore, riskLevel, reviewedScore',
  },
  SECURITY: {
    entityType: 'system',
    meaning:
      'Security event: an act of the actor (null: unknown), or an attempt that was refused; payload: kind, target, count (identical events since the previous entry), folded (of these, without their own target or network), since (start of a lasting act)',
  },
} as const satisfies Record<string, { entityType: AuditEntity; meaning: string }>;
export type AuditEventType = keyof typeof AUDIT_EVENTS;

export const AuditEventName = z.enum(Object.keys(AUDIT_EVENTS) as [AuditEventType, ...AuditEventType[]]);

/** SHA-256, base64url. */
const Hash = z.string();

export const AuditEntry = z
  .object({
    id: Id,
    entityType: AuditEntity,
    entityId: Id,
    /** Position in the chain of the entity, from 1 without gaps. */
    position: z.int().min(1),
    eventType: z.string(),
    /** User id, or id of an API key; null for the server itself. */
    actor: Id.nullable(),
    at: Timestamp,
    /** Stored bytes, JSON in UTF-8: ids, codes and digests only. */
    payload: z.string(),
    /** Base64url. */
    salt: z.string(),
    digest: Hash,
    prevHash: Hash,
    hash: Hash,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

/**
 * Faults of a checkpoint:
 * - `malformed` not a checkpoint
 * - `unknown_key` not signed by the key of the log
 * - `bad_signature` the signature is over another text
 * - `origin` of another log
 * - `order` smaller than the checkpoint before it
 * - `root` the log had another root at this size
 * - `beyond` larger than the log, whose end was cut off
 */
export const CHECKPOINT_FAULTS = [
  'malformed',
  'unknown_key',
  'bad_signature',
  'origin',
  'order',
  'root',
  'beyond',
] as const;

export const AuditFault = z
  .object({
    /**
     * - `missing` no entry at this position
     * - `link` the entry does not follow the one before
     * - `payload` the payload was changed
     * - `hash` another field was changed
     * - `head` the end of the chain differs from its record
     * - `leaf` an entry without a leaf or a pending one, a leaf without an entry, or the leaf of another entry
     * - `tree` another hash in the tree
     * - `checkpoint` a checkpoint of another log
     * - `record` an event that differs from the log, is missing, or is not in the log
     */
    reason: z.enum(['missing', 'link', 'payload', 'hash', 'head', 'leaf', 'tree', 'checkpoint', 'record']),
    /** Entity of the faulty entry, or the session of a faulty record. */
    entityType: AuditEntity.optional(),
    entityId: Id.optional(),
    position: z.int().optional(),
    /** Index of the leaf, from 0. */
    leaf: z.int().optional(),
    /** Sequence number of an event within its session. */
    seq: z.int().optional(),
    /** `inside`: in the database. `size`: leaves, as claimed by the checkpoint. */
    checkpoint: z
      .object({ kept: z.enum(['inside', 'outside']), size: z.int().nullable(), fault: z.enum(CHECKPOINT_FAULTS) })
      .optional(),
  })
  .meta({ id: 'AuditFault' });
export type AuditFault = z.infer<typeof AuditFault>;

export const AuditVerification = z
  .object({
    valid: z.boolean(),
    /** Everything recorded before this time was checked; later entries possibly not. */
    startedAt: Timestamp,
    /** Valid entries before the first fault. */
    checked: z.int(),
    /** Valid leaves of the tree. */
    leaves: z.int(),
    /** Valid checkpoints inside and outside of the database. */
    checkpoints: z.int(),
    /** Events that match the log. */
    records: z.int(),
    /**
     * Leaves of the newest valid checkpoint outside of the database; up to there, not even the owner of the database
     * can have changed the log. 0 if there is none.
     */
    vouched: z.int(),
    firstBad: AuditFault.optional(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof AuditVerification>;

/** The verification that runs in the background, or the last one since the start of the server. */
export const AuditVerificationState = z
  .object({
    state: z
      .enum(['never', 'running', 'done', 'cancelled', 'failed'])
      .describe(
        '`failed`: it could not be completed, for example because the database was down. A broken log is `done`.',
      ),
    startedAt: Timestamp.nullable(),
    startedBy: z.object({ id: Id, name: z.string() }).nullable(),
    endedAt: Timestamp.nullable(),
    progress: z
      .object({
        checked: z.int().describe('Entries verified.'),
        leaves: z.int().describe('Leaves of the tree verified, after the entries.'),
        of: z.int().nullable().describe('About how many there are of each; null: not known yet.'),
      })
      .nullable()
      .describe('Of a running verification.'),
    result: AuditVerification.nullable(),
  })
  .meta({ id: 'AuditVerificationState' });
export type AuditVerificationState = z.infer<typeof AuditVerificationState>;

export const AuditPage = page(AuditEntry);

export const AuditEventTypes = z.object({
  items: z.array(z.object({ type: AuditEventName, entityType: AuditEntity, meaning: z.string() })),
});
