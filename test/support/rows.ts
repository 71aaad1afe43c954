import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { AnalysisMinuteRow } from '../../db/analysis-minutes.ts';
import type { EventRow } from '../../db/events.ts';
import { insertExam, type NewExam } from '../../db/exams.ts';
import type { Executor } from '../../db/executor.ts';
import { claimSession, insertSession, type SessionRow, type SessionTotals } from '../../db/sessions.ts';
import { insertUser, type UserRow } from '../../db/users.ts';
import { Policy } from '../../protocol/policy.ts';

/** 2026-01-01T10:00:00.123Z: with milliseconds, so that a store that loses them is detected. */
export const T0 = 1_767_261_600_123;

/** A user with a unique email address. */
export async function makeUser(
  ex: Executor,
  role: UserRow['role'] = 'student',
  more: Partial<UserRow> = {},
): Promise<UserRow> {
  const id = uuidv7();
  const user = await insertUser(ex, {
    id,
    email: `${id}@example.org`,
    name: 'Zoë',
    role,
    password_hash: 'none',
    ...more,
  });
  if (!user) throw new Error('the address is taken');
  return user;
}

/** A session claimed once: its owner's epoch is 1. */
export async function makeSession(
  ex: Executor,
  more: { examId?: string; studentId?: string; room?: string } = {},
): Promise<SessionRow> {
  const student = more.studentId ?? (await makeUser(ex)).id;
  const session = await insertSession(ex, {
    id: uuidv7(),
    exam_id: more.examId ?? (await makeExam(ex)),
    student_id: student,
    policy: Policy.parse({}),
    policy_version: 1,
    room: more.room ?? null,
    started_at: new Date(T0),
    deadline: null,
  });
  const claimed = session && (await claimSession(ex, session.id));
  if (!claimed) throw new Error('the student already has a session in this exam');
  return claimed;
}

export async function makeExam(ex: Executor, more: Partial<NewExam> = {}): Promise<string> {
  const exam = await insertExam(ex, {
    id: uuidv7(),
    title: 'An exam',
    starts_at: null,
    ends_at: null,
    duration_minutes: null,
    status: 'active',
    policy: Policy.parse({}),
    created_by: (await makeUser(ex, 'admin')).id,
    created_at: new Date(T0),
    ...more,
  });
  return exam.id;
}

/** The totals of a session's row, with changes. */
export function totalsOf(row: SessionRow, changed: Partial<SessionTotals> = {}): SessionTotals {
  return {
    id: row.id,
    epoch: row.owner_epoch,
    status: row.status,
    end_reason: row.end_reason,
    deadline: row.deadline,
    paused_at: row.paused_at,
    ended_at: row.ended_at,
    risk_score: row.risk_score,
    rolling_risk: row.rolling_risk,
    rolling_at: row.rolling_at,
    risk_level: row.risk_level,
    last_seq: row.last_seq,
    last_offset: row.last_offset,
    dismissed_weight: row.dismissed_weight,
    attention: row.attention,
    attention_state: row.attention_state,
    client_origin: row.client_origin,
    baseline: row.baseline,
    requests: row.requests,
    conversation: row.conversation,
    last_frame_at: row.last_frame_at,
    last_seen_at: row.last_seen_at,
    ...changed,
  };
}

/** A signal's event: the first of its session and its stream. */
export function makeEvent(session: string, changed: Partial<EventRow> = {}): EventRow {
  return {
    id: uuidv7(),
    session_id: session,
    seq: 1,
    change_offset: 1,
    type: 'TAB_SWITCH',
    source: 'client',
    severity: 'medium',
    weight: 3,
    started_at: new Date(T0),
    ended_at: new Date(T0),
    duration_ms: 0,
    confidence: null,
    details: {},
    review: null,
    stream: null,
    client_seq: null,
    body_digest: null,
    ...changed,
  };
}

/** An analysis minute with all counts zero. */
export function makeMinute(session: string, changed: Partial<AnalysisMinuteRow> = {}): AnalysisMinuteRow {
  return {
    session_id: session,
    owner_epoch: 1,
    minute: new Date(T0),
    received: 0,
    analysed: 0,
    dropped: {},
    faces_none: 0,
    faces_one: 0,
    faces_more: 0,
    pose_frames: 0,
    yaw_sum: 0,
    yaw_squares: 0,
    pitch_sum: 0,
    pitch_squares: 0,
    gaze_frames: 0,
    gaze_yaw_sum: 0,
    gaze_yaw_squares: 0,
    gaze_pitch_sum: 0,
    gaze_pitch_squares: 0,
    models: [],
    ...changed,
  };
}

export const randomHash = (): Buffer => randomBytes(32);

/** True if a login has ended or never existed. */
export async function isLoginOver(ex: Executor, loginId: string): Promise<boolean> {
  const login = await ex.selectFrom('logins').select('ended_at').where('id', '=', loginId).executeTakeFirst();
  return login === undefined || login.ended_at !== null;
}

/** A login that begins at `T0` and lasts one day. */
export const newLogin = (userId: string, at = T0) => {
  const end = new Date(at + 86_400_000);
  return {
    id: uuidv7(),
    user_id: userId,
    created_at: new Date(at),
    idle_until: end,
    expires_at: end,
    salt: randomHash(),
  };
};
