import type { AuditEventType } from './http/audit.ts';
import { SECURITY_ACTS, SECURITY_KINDS, type SecurityKind } from './security-kinds.ts';

/** Kind of an entry of the audit log: its type, or for a security entry the kind in its payload. */
export type AuditKind = Exclude<AuditEventType, 'SECURITY'> | SecurityKind;

const REFUSALS = (Object.keys(SECURITY_KINDS) as SecurityKind[]).filter((kind) => !SECURITY_ACTS.has(kind));

/** Kinds by subject, for filters: each kind is in one group. */
export const AUDIT_KIND_GROUPS = {
  watching: ['camera_watched', 'camera_left', 'console_opened'],
  pictures: ['EVIDENCE_VIEWED', 'CHECK_IN_VIEWED', 'pictures_listed'],
  exports: [
    'audit_exported',
    'report_exported',
    'results_exported',
    'people_exported',
    'enrolments_exported',
    'address_asked',
  ],
  decisions: [
    'EVENT_REVIEWED',
    'REVIEW_ASSIGNED',
    'VERDICT_GIVEN',
    'VERDICT_RELEASED',
    'VERDICT_ANSWERED',
    'VERDICT_APPEALED',
    'APPEAL_ASSIGNED',
    'APPEAL_DECIDED',
    'SESSION_RESCORED',
    'FACE_CHECKED',
    'CHECK_IN_DECIDED',
  ],
  teamwork: ['SESSION_SEEN', 'SESSION_CLAIMED', 'NOTE_ADDED', 'SESSION_FLAGGED', 'SNAPSHOT_TAKEN'],
  commands: ['COMMAND_GIVEN', 'STUDENT_READMITTED', 'READMISSION_WITHDRAWN'],
  checkIns: ['CHECK_IN_OPENED', 'CHECK_IN_SUBMITTED', 'CHECK_IN_LEFT', 'CHECK_IN_WITHDRAWN'],
  sessions: ['SESSION_STARTED', 'SESSION_CONTINUED', 'SESSION_MOVED', 'SESSION_ENDED', 'session_taken_over'],
  exams: ['EXAM_CREATED', 'EXAM_CHANGED', 'EXAM_STATUS_CHANGED', 'EXAM_DELETED', 'FLAG_CATEGORIES_CHANGED'],
  enrolments: ['ENROLMENT_CHANGED', 'ENROLMENTS_IMPORTED', 'ENROLMENT_REMOVED', 'STAFF_ASSIGNED', 'STAFF_UNASSIGNED'],
  people: [
    'USER_CREATED',
    'USER_CHANGED',
    'USER_ROLE_CHANGED',
    'USER_MOVED',
    'USER_DISABLED',
    'USER_ENABLED',
    'USER_ANONYMISED',
    'registered',
    'role_changed',
    'user_disabled',
    'user_enabled',
    'reset_link_made',
  ],
  logins: [
    'login',
    'logout',
    'logins_ended',
    'password_changed',
    'password_reset',
    'second_factor_added',
    'second_factor_removed',
    'recovery_code_used',
    'step_up',
  ],
  settings: [
    'GENESIS',
    'ORGANISATION_CREATED',
    'ORGANISATION_RENAMED',
    'PROFILE_CREATED',
    'PROFILE_CHANGED',
    'PROFILE_DELETED',
    'key_created',
    'key_changed',
    'key_revoked',
  ],
  deletions: ['SESSION_DELETED', 'EVIDENCE_DELETED', 'CHECK_IN_ERASED', 'CHECK_IN_DELETED'],
  records: ['EVENTS_STORED', 'EVIDENCE_KEPT'],
  refusals: REFUSALS,
} as const satisfies Readonly<Record<string, readonly AuditKind[]>>;

export type AuditKindGroup = keyof typeof AUDIT_KIND_GROUPS;
export const AUDIT_GROUPS = Object.keys(AUDIT_KIND_GROUPS) as readonly AuditKindGroup[];

/** All kinds, by group. */
export const AUDIT_KINDS: readonly AuditKind[] = AUDIT_GROUPS.flatMap(
  (group): readonly AuditKind[] => AUDIT_KIND_GROUPS[group],
);

/** Kinds that a filter names: those of a group, or one. Undefined: unknown. */
export function kindsOf(name: string): readonly AuditKind[] | undefined {
  if (Object.hasOwn(AUDIT_KIND_GROUPS, name)) return AUDIT_KIND_GROUPS[name as AuditKindGroup];
  const kind = AUDIT_KINDS.find((each) => each === name);
  return kind && [kind];
}
