import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';

/** The audit log: what an entry can be about, and the acts that leave one. */

export const AUDIT_ENTITIES = ['exam', 'session', 'user', 'system'] as const;
export const AuditEntity = z.enum(AUDIT_ENTITIES);
export type AuditEntity = z.infer<typeof AuditEntity>;

/** The server itself, of the type `system`: its chain begins with the genesis entry. */
export const SYSTEM_ID = '00000000-0000-0000-0000-000000000000';
/**
 * What was refused, of the type `system`: a chain of its own, so that strangers can neither come before the genesis
 * entry nor stand in its way.
 */
export const SECURITY_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Acts by name: what they are about, and what an entry of theirs means. */
export const AUDIT_EVENTS = {
  GENESIS: { entityType: 'system', meaning: 'The log was initialised' },
  USER_CREATED: { entityType: 'user', meaning: 'An account was made; payload: role' },
  USER_ROLE_CHANGED: { entityType: 'user', meaning: 'An account got another role; payload: from, to' },
  USER_DISABLED: { entityType: 'user', meaning: 'An account was disabled' },
  USER_ENABLED: { entityType: 'user', meaning: 'A disabled account was enabled' },
  EXAM_CREATED: {
    entityType: 'exam',
    meaning: 'An exam was made; payload: status, policyVersion, openTo where the author chose it',
  },
  EXAM_CHANGED: {
    entityType: 'exam',
    meaning: 'An exam was changed; payload: policyVersion, openTo where that changed',
  },
  EXAM_STATUS_CHANGED: { entityType: 'exam', meaning: 'An exam got another status; payload: from, to' },
  EXAM_DELETED: { entityType: 'exam', meaning: 'An exam was deleted' },
  ENROLMENT_CHANGED: {
    entityType: 'exam',
    meaning: 'A student was enrolled, or their accommodations changed; payload: studentId',
  },
  ENROLMENT_REMOVED: { entityType: 'exam', meaning: 'A student was taken off an exam; payload: studentId' },
  SESSION_STARTED: { entityType: 'session', meaning: 'An attempt began; payload: examId, policyVersion' },
  SESSION_ENDED: { entityType: 'session', meaning: 'An attempt ended; payload: reason, riskScore, riskLevel, events' },
  EVENTS_STORED: {
    entityType: 'session',
    meaning:
      'Events of an attempt were stored, or changed; payload: events, each with its number, the offset of its change, and a salted digest of all that its row says',
  },
  SESSION_DELETED: {
    entityType: 'session',
    meaning:
      'An attempt was deleted with all that was stored of it; payload: reason (retention: it was kept long enough; exam: with its exam)',
  },
  COMMAND_GIVEN: {
    entityType: 'session',
    meaning:
      'A proctor paused, resumed, extended or terminated an attempt, or sent a message; payload: do, eventId, minutes',
  },
  EVENT_REVIEWED: {
    entityType: 'session',
    meaning: 'A person confirmed, dismissed or reopened an event; payload: reviewId, eventId, decision, reasonDigest',
  },
  VERDICT_GIVEN: {
    entityType: 'session',
    meaning: 'A person judged an attempt; payload: verdictId, verdict, reasonDigest',
  },
  EVIDENCE_KEPT: {
    entityType: 'session',
    meaning: 'A picture of an incident was stored, encrypted; payload: evidenceId, eventId, kind, digest',
  },
  EVIDENCE_VIEWED: {
    entityType: 'session',
    meaning: 'A person looked at a picture of an incident; payload: evidenceId, eventId, kind',
  },
  EVIDENCE_DELETED: {
    entityType: 'session',
    meaning: 'The pictures of an attempt were deleted, when they had been kept long enough; payload: pictures',
  },
  SESSION_RESCORED: {
    entityType: 'session',
    meaning:
      'An attempt was scored under another policy version; payload: rescoreId, policyVersion, riskScore, riskLevel, reviewedScore',
  },
  SECURITY: {
    entityType: 'system',
    meaning:
      'Something that concerns security was done by the actor (null: nobody known), or refused to them; payload: kind, target, count (of the same, since the entry before), folded (of these, whose target or network is not told), since (when what lasted began)',
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
    /** In the entity's chain, from 1, without holes. */
    position: z.int().min(1),
    eventType: z.string(),
    /** Who acted; null: the server itself. */
    actor: Id.nullable(),
    at: Timestamp,
    /** The stored bytes, UTF-8 JSON: ids, codes and digests only. */
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
 * What is wrong with a checkpoint. `malformed`: it is not one. `unknown_key`: its signature is not the log's.
 * `bad_signature`: what was signed is something else. `origin`: it is of another log. `order`: it is of an earlier size
 * than the one before it. `root`: at its size the log was another one. `beyond`: the log was longer: its end was cut
 * off.
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
     * `missing`: there is no entry at this position. `link`: it does not follow the one before. `payload`: it is not
     * what was written. `hash`: another field is not. `head`: the chain's end is recorded otherwise. `leaf`: an entry
     * has no place in the tree and waits for none, or a place has no entry, or it is not that of this entry. `tree`:
     * the tree has another hash there. `checkpoint`: what was signed is another log. `record`: an event is not what the
     * log says of it, is gone, or is there and not in the log.
     */
    reason: z.enum(['missing', 'link', 'payload', 'hash', 'head', 'leaf', 'tree', 'checkpoint', 'record']),
    /** Of the entry, where one is bad; of the session, for a record. */
    entityType: AuditEntity.optional(),
    entityId: Id.optional(),
    position: z.int().optional(),
    /** Place in the tree, from 0. */
    leaf: z.int().optional(),
    /** Number of an event within its session. */
    seq: z.int().optional(),
    /** `inside`: in the database. `size`: leaves, as it says. */
    checkpoint: z
      .object({ kept: z.enum(['inside', 'outside']), size: z.int().nullable(), fault: z.enum(CHECKPOINT_FAULTS) })
      .optional(),
  })
  .meta({ id: 'AuditFault' });
export type AuditFault = z.infer<typeof AuditFault>;

export const AuditVerification = z
  .object({
    valid: z.boolean(),
    /** What was there before then was looked at; what came later may not have been. */
    startedAt: Timestamp,
    /** Good entries, up to the first bad one. */
    checked: z.int(),
    /** Good leaves of the tree: entries that have their place. */
    leaves: z.int(),
    /** Good checkpoints, in the database and outside of it. */
    checkpoints: z.int(),
    /** Events that are what the log says of them. */
    records: z.int(),
    /**
     * Leaves of the newest checkpoint outside the database that agrees: up to there nobody who owns the database can
     * have changed the log; 0: there is none.
     */
    vouched: z.int(),
    firstBad: AuditFault.optional(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof AuditVerification>;

export const AuditPage = page(AuditEntry);

export const AuditEventTypes = z.object({
  items: z.array(z.object({ type: AuditEventName, entityType: AuditEntity, meaning: z.string() })),
});
