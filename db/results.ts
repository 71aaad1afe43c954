import { sql } from 'kysely';
import type { CheckInPictureKind } from '../protocol/check-in-bounds.ts';
import type { Policy } from '../protocol/policy.ts';
import type { Executor } from './executor.ts';
import type { UsersTable } from './schema/users.ts';
import type { VerdictsTable } from './schema/verdicts.ts';
import type { SessionRow } from './sessions.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';

export type ResultRow = Pick<
  SessionRow,
  | 'id'
  | 'student_id'
  | 'attempt'
  | 'room'
  | 'status'
  | 'end_reason'
  | 'started_at'
  | 'ended_at'
  | 'deadline'
  | 'risk_score'
  | 'reviewed_score'
  | 'attention_state'
  | 'accommodations'
> & {
  readonly student_name: string;
  readonly student_email: string;
  readonly student_number: string | null;
  readonly external_id: string | null;
  readonly seat: string | null;
  readonly levels: Policy['levels'];
  /** Whether its exam client has connected or sent an image. */
  readonly seen: boolean;
  readonly verdict: VerdictsTable['verdict'] | null;
  readonly verdict_reason: string | null;
  readonly verdict_by: string | null;
  readonly verdict_by_name: UsersTable['name'] | null;
  readonly verdict_by_email: UsersTable['email'] | null;
  readonly verdict_at: Date | null;
  /** Oldest first. */
  readonly terminations: readonly StaffAct[];
  /** Used or pending ones that follow the session or led to it, oldest first. */
  readonly readmissions: readonly (StaffAct & { readonly kind: 'continue' | 'new'; readonly minutes: number })[];
  /** Decision that admitted the student. */
  readonly check_in: (StaffAct & Readonly<Record<'shown' | 'missing', readonly CheckInPictureKind[]>>) | null;
};

/** An act of a person on a session, from JSON. */
export interface StaffAct {
  readonly at: string;
  readonly by: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly reason: string | null;
}

interface ResultFilter {
  /** Id of the last session of the previous page. */
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly seenBy: Viewer;
}

/** Sessions of an exam with the verdict that counts, in order of their start. */
export async function listResults(
  ex: Executor,
  examId: string,
  { cursor, limit, seenBy }: ResultFilter,
): Promise<ResultRow[]> {
  const { rows } = await sql<ResultRow>`
    SELECT sessions.id, sessions.student_id, sessions.attempt, sessions.room, sessions.status, sessions.end_reason,
      sessions.started_at, sessions.ended_at, sessions.deadline, sessions.risk_score, sessions.reviewed_score, sessions.attention_state,
      sessions.accommodations, sessions.policy -> 'levels' AS levels,
      (sessions.client_origin IS NOT NULL OR sessions.last_frame_at IS NOT NULL) AS seen,
      users.name AS student_name, users.email AS student_email, users.student_number, users.external_id,
      enrolments.seat, verdict.verdict, verdict.reason AS verdict_reason, verdict.by AS verdict_by,
      judge.name AS verdict_by_name, judge.email AS verdict_by_email, verdict.created_at AS verdict_at,
      terminated.acts AS terminations, readmitted.acts AS readmissions, admitted.act AS check_in
    FROM sessions
    JOIN users ON users.id = sessions.student_id
    JOIN exams ON exams.id = sessions.exam_id
    LEFT JOIN enrolments ON enrolments.exam_id = sessions.exam_id AND enrolments.student_id = sessions.student_id
    LEFT JOIN LATERAL (
      SELECT * FROM verdicts WHERE verdicts.session_id = sessions.id ORDER BY verdicts.id DESC LIMIT 1
    ) AS verdict ON true
    LEFT JOIN users AS judge ON judge.id = verdict.by
    LEFT JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object('at', events.started_at, 'by', staff.id, 'name', staff.name,
        'email', staff.email, 'reason', events.details ->> 'reason') ORDER BY events.seq), '[]') AS acts
      FROM events LEFT JOIN users AS staff ON staff.id = (events.details ->> 'by')::uuid
      WHERE events.session_id = sessions.id AND events.type = 'SESSION_TERMINATED' AND events.source = 'proctor'
    ) AS terminated ON true
    LEFT JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object('at', given.created_at, 'by', staff.id, 'name', staff.name,
        'email', staff.email, 'reason', given.reason, 'kind', given.kind, 'minutes', given.extra_minutes)
        ORDER BY given.id), '[]') AS acts
      FROM readmissions AS given JOIN users AS staff ON staff.id = given.created_by
      WHERE (given.session_id = sessions.id OR given.used_session_id = sessions.id) AND given.withdrawn_at IS NULL
    ) AS readmitted ON true
    LEFT JOIN LATERAL (
      SELECT json_build_object('at', decided.created_at, 'by', staff.id, 'name', staff.name, 'email', staff.email,
        'reason', decided.reason, 'shown', decided.shown, 'missing', decided.missing) AS act
      FROM check_ins JOIN check_in_decisions AS decided ON decided.check_in_id = check_ins.id
      JOIN users AS staff ON staff.id = decided.by
      WHERE check_ins.session_id = sessions.id ORDER BY decided.id DESC LIMIT 1
    ) AS admitted ON true
    WHERE sessions.exam_id = ${examId}::uuid AND ${sessionSeenBy(seenBy)}
      AND (${cursor ?? null}::uuid IS NULL OR sessions.id > ${cursor ?? null}::uuid)
    ORDER BY sessions.id LIMIT ${limit}`.execute(ex);
  return rows;
}
