import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { ClientOrigins } from './client-origin.ts';
import type { AttentionState } from './attention-state.ts';
import type { ConversationState } from './conversation-state.ts';
import type { RequestState } from './request-state.ts';
import type { SessionAccommodations } from '../../protocol/accommodations.ts';
import type { AttentionLevel } from '../../protocol/attention.ts';
import type { EndReason } from '../../protocol/down.ts';
import type { Level } from '../../protocol/event-types.ts';
import type { Policy } from '../../protocol/policy.ts';

export interface Baseline {
  readonly yaw: number;
  readonly pitch: number;
}

export interface SessionsTable {
  id: string;
  exam_id: string;
  student_id: string;
  /** Number among the student's attempts at the exam, from 1. */
  attempt: Generated<number>;
  status: 'active' | 'paused' | 'ended';
  end_reason: EndReason | null;
  /** Policy of the exam when the session started, with the student's accommodations applied. */
  policy: JSONColumnType<Policy>;
  policy_version: number;
  /** Accommodations applied when the session started; null for none. */
  accommodations: JSONColumnType<SessionAccommodations> | null;
  /** Room of the enrolment when the session started. */
  room: string | null;
  started_at: Date;
  /** Start from which its time counts: the first of the attempts that share it. Null: `started_at`. */
  time_from: Date | null;
  /** While the session is paused: as of the pause, whose length is added when it ends. */
  deadline: Date | null;
  /** Null unless it is paused. */
  paused_at: Date | null;
  ended_at: Date | null;
  /** Fencing epoch: increases with every claim; writes with a lower one have no effect. */
  owner_epoch: number;
  /** Node that made the last claim. */
  owner_node: Generated<string | null>;
  /** Its reason: a newer connection of the student, or that nobody owned the session. */
  claimed_by: Generated<'connection' | 'lease' | null>;
  risk_score: number;
  /** Value of the decaying sum at `rolling_at`. */
  rolling_risk: number;
  rolling_at: Date;
  risk_level: Level;
  /** Highest event sequence number, and highest change offset. */
  last_seq: number;
  last_offset: number;
  /** What the reviewed score leaves out: weights of dismissed events, less those of flags, which are in no risk score. */
  dismissed_weight: Generated<number>;
  /** `risk_score` minus that, rounded to 1e-9; computed by the database. */
  reviewed_score: ColumnType<number, never, never>;
  /** Of an ended session its highest value; of a running one as of the last write, which no list goes by. */
  attention: number;
  /** Of `attention`, by the session's own policy; computed by the database. */
  attention_level: ColumnType<AttentionLevel, never, never>;
  /** Null: no event yet. */
  attention_state: JSONColumnType<AttentionState> | null;
  /** Null: no client has connected yet. */
  client_origin: JSONColumnType<ClientOrigins> | null;
  /** Straight pose of the calibration, degrees. Null: not measured yet. */
  baseline: JSONColumnType<Baseline> | null;
  /** Null: nothing was asked of the student yet. */
  requests: JSONColumnType<RequestState> | null;
  /** Null: nobody has said anything yet. */
  conversation: JSONColumnType<ConversationState> | null;
  last_frame_at: Date | null;
  /** Last sign of the exam client: connection, frame or signal. Null before its first connection. */
  last_seen_at: Date | null;
  /** Idempotency key of the start: the same student and key get this session again. */
  idempotency_key: string | null;
  /** Admin or API key that started it; null for both: its student. */
  started_by_staff: string | null;
  started_by_key: string | null;
  /** `begun`: an event was reviewed; `done`: it has a verdict. */
  review_state: Generated<'none' | 'begun' | 'done'>;
  /** Number in the draw of its exam, 0 to 9999; random, never sent. */
  review_draw: Generated<number>;
  /** Attention and reviewed score are below what asks for a look; computed by the database. */
  calm: ColumnType<boolean, never, never>;
  /** Salt of the audit log's digests of the session's events. */
  audit_salt: Generated<Uint8Array>;
}
