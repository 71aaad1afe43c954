import { sql } from 'kysely';
import type { Db } from '../../db/executor.ts';

/** One student's history at one exam, as the database has it. */
export interface ExamHistory {
  readonly sessions: readonly SessionFacts[];
  /** Readmissions that a start has used. */
  readonly used: readonly {
    readonly id: string;
    readonly kind: 'continue' | 'new';
    readonly minutes: number;
    readonly until: number | null;
  }[];
  /** Readmissions that the next start would use. */
  readonly pending: readonly string[];
  /** Minutes added by proctors, over all sessions. */
  readonly extended: number;
  /** Pauses, resumptions, extensions and ends of pauses that nobody resumed, oldest first. */
  readonly acts: readonly ClockAct[];
  /** Starts, continuations and ends from the audit log, oldest first. */
  readonly log: readonly Step[];
}

interface SessionFacts {
  readonly id: string;
  readonly attempt: number;
  readonly status: 'active' | 'paused' | 'ended';
  readonly endReason: string | null;
  readonly deadline: number | null;
  readonly pausedAt: number | null;
}

export interface ClockAct {
  readonly session: string;
  readonly type: (typeof CLOCK_ACTS)[number];
  readonly at: number;
  /** Of an extension. */
  readonly minutes: number;
}

const CLOCK_ACTS = ['SESSION_PAUSED', 'SESSION_RESUMED', 'SESSION_EXTENDED', 'PAUSE_EXPIRED'] as const;

interface Step {
  readonly session: string;
  readonly type: 'SESSION_STARTED' | 'SESSION_CONTINUED' | 'SESSION_ENDED';
  readonly at: number;
  readonly readmissionId: string | undefined;
  readonly reason: string | undefined;
}

const STEPS = ['SESSION_STARTED', 'SESSION_CONTINUED', 'SESSION_ENDED'] as const;

export async function readHistory(db: Db, examId: string, studentId: string): Promise<ExamHistory> {
  const sessions = await db
    .selectFrom('sessions')
    .select(['id', 'attempt', 'status', 'end_reason', 'deadline', 'paused_at'])
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .orderBy('attempt')
    .execute();
  const ids = sessions.map(({ id }) => id);
  const readmissions = await db
    .selectFrom('readmissions')
    .selectAll()
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .execute();
  const none = ids.length === 0;
  const events = none
    ? []
    : await db
        .selectFrom('events')
        .select(['session_id', 'type', 'started_at', 'details'])
        .where('session_id', 'in', ids)
        .where('type', 'in', CLOCK_ACTS)
        .orderBy('seq')
        .execute();
  const acts = events
    .filter(({ details }) => details['again'] !== true)
    .map(({ session_id, type, started_at, details }) => ({
      session: session_id,
      type: type as ClockAct['type'],
      at: started_at.getTime(),
      minutes: Number(details['minutes'] ?? 0),
    }));
  const entries = none
    ? []
    : await db
        .selectFrom('audit_entries')
        .select(['entity_id', 'event_type', 'at', 'payload'])
        .where('entity_type', '=', 'session')
        .where('entity_id', 'in', ids)
        .where('event_type', 'in', STEPS)
        // Attempts follow one another, and entries of one session have positions.
        .orderBy(sql`(SELECT attempt FROM sessions WHERE sessions.id = audit_entries.entity_id)`)
        .orderBy('position')
        .execute();
  return {
    sessions: sessions.map(({ id, attempt, status, end_reason, deadline, paused_at }) => ({
      id,
      attempt,
      status,
      endReason: end_reason,
      deadline: deadline?.getTime() ?? null,
      pausedAt: paused_at?.getTime() ?? null,
    })),
    used: readmissions
      .filter(({ used_at }) => used_at !== null)
      .map(({ id, kind, extra_minutes, until }) => ({
        id,
        kind,
        minutes: extra_minutes,
        until: until?.getTime() ?? null,
      })),
    pending: readmissions
      .filter(({ used_at, withdrawn_at }) => used_at === null && withdrawn_at === null)
      .map(({ id }) => id),
    extended: acts.reduce((sum, { minutes }) => sum + minutes, 0),
    acts,
    log: entries.map(({ entity_id, event_type, at, payload }) => {
      const { readmissionId, reason, endedAt } = JSON.parse(Buffer.from(payload).toString()) as {
        readmissionId?: string;
        reason?: string;
        endedAt?: string;
      };
      const time = endedAt === undefined ? at.getTime() : Date.parse(endedAt);
      return { session: entity_id, type: event_type as Step['type'], at: time, readmissionId, reason };
    }),
  };
}
