import type { JSONColumnType } from 'kysely';
import type { CheckInDecisionName, CheckInPictureKind, CheckInState } from '../../protocol/check-in-bounds.ts';
import type { CheckInWants } from '../../protocol/http/check-in-terms.ts';

/** As the exam asked when the check-in was opened. */
export interface StoredWants extends CheckInWants {
  /** Whether pictures of the room are kept as incident pictures of the session are; otherwise as the photos are. */
  readonly roomWithSession: boolean;
}

/** Check-ins of students at exams; at most one open one each. */
export interface CheckInsTable {
  id: string;
  exam_id: string;
  student_id: string;
  /** Session that it was used for. */
  session_id: string | null;
  /** Room of the enrolment, which it follows. */
  room: string | null;
  state: CheckInState;
  /** Raised by every change. */
  revision: number;
  wants: JSONColumnType<StoredWants>;
  /** Kinds that staff ask for again and that have not been taken since. */
  retake: JSONColumnType<CheckInPictureKind[]>;
  /** Pictures taken so far, replaced ones included. */
  uploads: number;
  opened_at: Date;
  /** Of the state. */
  since: Date;
  /** When it was used, withdrawn or erased; null: open. */
  closed_at: Date | null;
  /** When photo and document are erased. */
  erase_at: Date;
  erased_at: Date | null;
  /** When it is deleted if no session has used it. */
  delete_at: Date;
}

/** Pictures of check-ins, each with its own key. A row is inserted after its object exists. */
export interface CheckInPicturesTable {
  id: string;
  check_in_id: string;
  kind: CheckInPictureKind;
  /** Arrival, server time. */
  at: Date;
  /** Size of the object, bytes. */
  bytes: number;
  /** SHA-256 of the object. */
  digest: Uint8Array;
  object_key: string;
  /** Key of the picture, encrypted with the master key. */
  wrapped_key: Uint8Array;
  /** Whether the student has shown it to staff. */
  submitted: boolean;
}

/** Decisions of staff about check-ins; only added to. */
export interface CheckInDecisionsTable {
  id: string;
  check_in_id: string;
  decision: CheckInDecisionName;
  reason: string | null;
  /** Salt of the reason's digest in the audit log. */
  reason_salt: Uint8Array | null;
  retake: JSONColumnType<CheckInPictureKind[]>;
  /** What there was, and what was missing. */
  shown: JSONColumnType<CheckInPictureKind[]>;
  missing: JSONColumnType<CheckInPictureKind[]>;
  by: string;
  created_at: Date;
  /** Digests of the `Idempotency-Key` with its person and check-in, and of the body. */
  key_digest: Uint8Array | null;
  body_digest: Uint8Array | null;
}
