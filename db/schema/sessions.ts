import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Accommodations } from '../../protocol/accommodations.ts';
import type { EndReason } from '../../protocol/down.ts';
import type { Level } from '../../protocol/event-types.ts';
import type { Policy } from '../../protocol/policy.ts';

export interface SessionsTable {
  id: string;
  exam_id: string;
  student_id: string;
  status: 'active' | 'paused' | 'ended';
  end_reason: EndReason | null;
  /** As it stood in the exam when the session started, with the student's accommodations applied. */
  policy: JSONColumnType<Policy>;
  policy_version: number;
  /** What was applied when the session started; null for nothing. */
  accommodations: JSONColumnType<Accommodations> | null;
  /** Of the enrolment, when the session started. */
  room: string | null;
  started_at: Date;
  deadline: Date | null;
  ended_at: Date | null;
  /** Fencing epoch: rises with every claim; a write with an older one changes nothing. */
  owner_epoch: number;
  risk_score: number;
  /** Value of the decaying sum at `rolling_at`. */
  rolling_risk: number;
  rolling_at: Date;
  risk_level: Level;
  /** Highest event sequence number, and highest change offset. */
  last_seq: number;
  last_offset: number;
  /** Weights of the dismissed events, in all. */
  dismissed_weight: Generated<number>;
  /** `risk_score` without them, to a billionth; computed by the database. */
  reviewed_score: ColumnType<number, never, never>;
  last_frame_at: Date | null;
  /** When the exam client was last heard of: a connection, a frame, a signal. Null before its first connection. */
  last_seen_at: Date | null;
  /** That the start was asked for with: the same student and key get this session again. */
  idempotency_key: string | null;
  /** Of the digests by which the audit log knows what the session's events say. */
  audit_salt: Generated<Uint8Array>;
}
