import { type Selectable, sql } from 'kysely';
import type { SessionAccommodations } from '../protocol/accommodations.ts';
import type { EndReason } from '../protocol/down.ts';
import type { Level } from '../protocol/event-types.ts';
import type { Policy } from '../protocol/policy.ts';
import type { ExamRow } from './exams.ts';
import type { Executor, Tx } from './executor.ts';
import { isFreeFor } from './nodes.ts';
import type { ClientOrigins } from './schema/client-origin.ts';
import type { AttentionState } from './schema/attention-state.ts';
import type { ConversationState } from './schema/conversation-state.ts';
import type { RequestState } from './schema/request-state.ts';
import type { Baseline } from './schema/sessions.ts';
import type { SessionsTable } from './schema/sessions.ts';

export type SessionRow = Selectable<SessionsTable>;
/** As the account has them now. */
export interface StudentNames {
  student_name: string;
  student_email: string;
}

export type NamedSessionRow = SessionRow & StudentNames;

export interface NewSession {
  readonly id: string;
  readonly exam_id: string;
  readonly student_id: string;
  /** 1 by default. */
  readonly attempt?: number;
  readonly policy: Policy;
  readonly policy_version: number;
  readonly accommodations?: SessionAccommodations | null;
  readonly room?: string | null;
  readonly started_at: Date;
  /** `started_at` by default. */
  readonly time_from?: Date;
  readonly deadline: Date | null;
  readonly idempotency_key?: string | undefined;
  /** If not the student. */
  readonly started_by_staff?: string | null;
  readonly started_by_key?: string | null;
}

/** @returns undefined if the student already has a running session or this attempt of the exam, or has used the key before */
export async function insertSession(ex: Executor, session: NewSession): Promise<SessionRow | undefined> {
  return ex
    .insertInto('sessions')
    .values({
      ...session,
      policy: JSON.stringify(session.policy),
      idempotency_key: session.idempotency_key ?? null,
      accommodations: session.accommodations ? JSON.stringify(session.accommodations) : null,
      room: session.room ?? null,
      started_by_staff: session.started_by_staff ?? null,
      started_by_key: session.started_by_key ?? null,
      status: 'active',
      end_reason: null,
      ended_at: null,
      paused_at: null,
      owner_epoch: 0,
      risk_score: 0,
      rolling_risk: 0,
      rolling_at: session.started_at,
      risk_level: 'Low',
      last_seq: 0,
      last_offset: 0,
      attention: 0,
      attention_state: null,
      client_origin: null,
      baseline: null,
      requests: null,
      conversation: null,
      last_frame_at: null,
      last_seen_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/**
 * Reopens an ended session, whose owner must load it anew.
 * @returns undefined if it runs
 */
export async function continueSession(
  ex: Executor,
  id: string,
  { deadline, key }: { readonly deadline: Date | null; readonly key: string | undefined },
): Promise<SessionRow | undefined> {
  return ex
    .updateTable('sessions')
    .set((eb) => ({
      status: 'active',
      end_reason: null,
      ended_at: null,
      paused_at: null,
      deadline,
      // The student was not expected meanwhile, so the gap is no lost connection.
      last_seen_at: null,
      owner_epoch: eb('owner_epoch', '+', 1),
      ...(key !== undefined && { idempotency_key: key }),
    }))
    .where('id', '=', id)
    .where('status', '=', 'ended')
    .returningAll()
    .executeTakeFirst();
}

/** A session, locked until the end of the transaction: decisions about it have one order. */
export async function lockSession(tx: Tx, id: string): Promise<Pick<SessionRow, 'id' | 'status'> | undefined> {
  return tx.selectFrom('sessions').select(['id', 'status']).where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Whether a student has a running session that started before a time. */
export async function sitsSince(ex: Executor, studentId: string, before: Date): Promise<boolean> {
  const row = await ex
    .selectFrom('sessions')
    .select('id')
    .where('student_id', '=', studentId)
    .where('status', '<>', 'ended')
    .where('started_at', '<', before)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function findRunningSession(
  ex: Executor,
  examId: string,
  studentId: string,
): Promise<SessionRow | undefined> {
  return ex
    .selectFrom('sessions')
    .selectAll()
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .where('status', '<>', 'ended')
    .executeTakeFirst();
}

/** A session of somebody in an exam, running or ended. */
export async function findOwnSession(
  ex: Executor,
  examId: string,
  studentId: string,
): Promise<Pick<SessionRow, 'id'> | undefined> {
  return ex
    .selectFrom('sessions')
    .select('id')
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .orderBy('attempt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Number of sessions a student has started since a time. */
export async function countStarted(ex: Executor, studentId: string, since: Date): Promise<number> {
  const { count } = await ex
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('student_id', '=', studentId)
    .where('started_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The student's sessions of an exam, newest attempt first. */
export async function listAttempts(
  ex: Executor,
  examId: string,
  studentId: string,
  limit: number,
): Promise<NamedSessionRow[]> {
  return named(ex)
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .orderBy('attempt', 'desc')
    .limit(limit)
    .execute();
}

/** The session started by the student with this idempotency key. */
export async function findSessionByKey(ex: Executor, studentId: string, key: string): Promise<SessionRow | undefined> {
  return ex
    .selectFrom('sessions')
    .selectAll()
    .where('student_id', '=', studentId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

export async function hasRunningSession(ex: Executor, studentId: string): Promise<boolean> {
  const row = await ex
    .selectFrom('sessions')
    .select('id')
    .where('student_id', '=', studentId)
    .where('status', '<>', 'ended')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ids of an exam's running sessions. */
export async function listRunning(ex: Executor, examId: string): Promise<string[]> {
  const rows = await ex
    .selectFrom('sessions')
    .select('id')
    .where('exam_id', '=', examId)
    .where('status', '<>', 'ended')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Number of an exam's sessions, running or ended. */
export async function countSessions(ex: Executor, examId: string): Promise<number> {
  const { count } = await ex
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('exam_id', '=', examId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

const named = (ex: Executor) =>
  ex
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .selectAll('sessions')
    .select(['users.name as student_name', 'users.email as student_email']);

export async function findSession(ex: Executor, id: string): Promise<NamedSessionRow | undefined> {
  return named(ex).where('sessions.id', '=', id).executeTakeFirst();
}

/** A session with what decides who of the staff sees it. */
export type PlacedSessionRow = NamedSessionRow & Pick<ExamRow, 'organisation_id' | 'staff_access'>;

export async function findPlacedSession(ex: Executor, id: string): Promise<PlacedSessionRow | undefined> {
  return named(ex)
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .select(['exams.organisation_id', 'exams.staff_access'])
    .where('sessions.id', '=', id)
    .executeTakeFirst();
}

/**
 * Keeps every other owner from writing the session, without a node. A running one is claimed by `claimForNode`.
 * @param over whether it must have ended (for reviews) or be running
 * @returns undefined if the session does not exist or is in the other state
 */
export async function claimSession(ex: Executor, id: string, over = false): Promise<SessionRow | undefined> {
  return ex
    .updateTable('sessions')
    .set((eb) => ({ owner_epoch: eb('owner_epoch', '+', 1) }))
    .where('id', '=', id)
    .where('status', over ? '=' : '<>', 'ended')
    .returningAll()
    .executeTakeFirst();
}

/**
 * Running sessions past their deadline, and those paused since `pausedBefore` or longer, whatever their deadline; except
 * those in `except` and those of other nodes than `node` whose lease runs: they end theirs. Longest overdue first.
 */
export async function findOverdue(
  ex: Executor,
  { now, pausedBefore, node }: { readonly now: Date; readonly pausedBefore: Date; readonly node?: string },
  limit: number,
  except: readonly string[] = [],
): Promise<string[]> {
  let query = ex
    .selectFrom('sessions')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'active'), eb('deadline', '<=', now)]),
        eb.and([eb('status', '=', 'paused'), eb('paused_at', '<=', pausedBefore)]),
      ]),
    )
    .orderBy((eb) => eb.fn.coalesce('paused_at', 'deadline'))
    .limit(limit);
  if (except.length > 0) query = query.where('id', 'not in', except);
  if (node !== undefined) query = query.where(isFreeFor(node));
  const rows = await query.execute();
  return rows.map((row) => row.id);
}

/** Absolute values, so that repeating the write after an unclear commit changes nothing. */
export interface SessionTotals {
  readonly id: string;
  readonly epoch: number;
  readonly status: SessionRow['status'];
  readonly end_reason: EndReason | null;
  readonly deadline: Date | null;
  readonly paused_at: Date | null;
  readonly ended_at: Date | null;
  readonly risk_score: number;
  readonly rolling_risk: number;
  readonly rolling_at: Date;
  readonly risk_level: Level;
  readonly last_seq: number;
  readonly last_offset: number;
  readonly dismissed_weight: number;
  readonly attention: number;
  readonly attention_state: AttentionState | null;
  readonly client_origin: ClientOrigins | null;
  readonly baseline: Baseline | null;
  readonly requests: RequestState | null;
  readonly conversation: ConversationState | null;
  readonly last_frame_at: Date | null;
  readonly last_seen_at: Date | null;
}

/** SQL: record type of totals for `jsonb_to_recordset` as `v`, and the assignments. */
export const TOTALS = {
  record: `v(
      id uuid, epoch integer, status text, end_reason text, deadline timestamptz, paused_at timestamptz, ended_at timestamptz,
      risk_score double precision, rolling_risk double precision, rolling_at timestamptz, risk_level text,
      last_seq integer, last_offset integer, dismissed_weight double precision, attention double precision,
      attention_state jsonb, client_origin jsonb, baseline jsonb, requests jsonb, conversation jsonb, last_frame_at timestamptz, last_seen_at timestamptz)`,
  set: `
      status = v.status, end_reason = v.end_reason, deadline = v.deadline, paused_at = v.paused_at, ended_at = v.ended_at,
      risk_score = v.risk_score, rolling_risk = v.rolling_risk, rolling_at = v.rolling_at, risk_level = v.risk_level,
      last_seq = v.last_seq, last_offset = v.last_offset, dismissed_weight = v.dismissed_weight, attention = v.attention,
      attention_state = v.attention_state, client_origin = v.client_origin, baseline = v.baseline, requests = v.requests,
      conversation = v.conversation, last_frame_at = v.last_frame_at, last_seen_at = v.last_seen_at`,
};

/**
 * Writes the totals of many sessions in one statement.
 * @returns the sessions that the caller still owns, by id, with the salt of their digests; others were not written
 */
export async function saveTotals(ex: Executor, totals: readonly SessionTotals[]): Promise<Map<string, Uint8Array>> {
  const result = await sql<{ id: string; audit_salt: Uint8Array }>`
    UPDATE sessions AS s SET ${sql.raw(TOTALS.set)}
    FROM jsonb_to_recordset(${JSON.stringify(totals)}::jsonb) AS ${sql.raw(TOTALS.record)}
    WHERE s.id = v.id AND s.owner_epoch = v.epoch
    RETURNING s.id, s.audit_salt`.execute(ex);
  return new Map(result.rows.map((row) => [row.id, row.audit_salt]));
}
