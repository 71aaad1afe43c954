import type { NamedSessionRow, SessionRow } from '../../../db/sessions.ts';
import { appliedDetection } from '../../../protocol/applied-detection.ts';
import type { ClientState, SessionView } from '../../../protocol/down.ts';
import { opensIncident } from '../../../protocol/event-types.ts';
import type { Session } from '../../../protocol/http/sessions.ts';
import { challengesOf, keepsStartPicture } from '../../../protocol/policy.ts';
import { attentionView, NO_ATTENTION } from '../rules/attention.ts';
import { levelOf, riskView } from '../rules/risk.ts';

/** Columns that a session keeps for life. */
type FixedColumns = Pick<
  NamedSessionRow,
  | 'id'
  | 'exam_id'
  | 'student_id'
  | 'attempt'
  | 'student_name'
  | 'student_email'
  | 'room'
  | 'policy'
  | 'started_at'
  | 'accommodations'
>;

/** Columns that its owner writes. */
type ChangingColumns = Pick<
  SessionRow,
  | 'status'
  | 'deadline'
  | 'paused_at'
  | 'ended_at'
  | 'risk_score'
  | 'rolling_risk'
  | 'rolling_at'
  | 'attention_state'
  | 'last_frame_at'
  | 'last_offset'
  | 'conversation'
>;

/** Known to the owner of a live session only. */
interface LiveFacts {
  readonly connected: boolean;
  readonly lastFrameAt: number | undefined;
  readonly client?: ClientState | undefined;
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A session as consoles show it, stored or live. @param open types of its events that last */
export function sessionView(
  fixed: FixedColumns,
  changing: ChangingColumns,
  live: LiveFacts | undefined,
  open: string[],
  now: number,
): SessionView {
  const lastFrameAt = live?.lastFrameAt;
  return {
    id: fixed.id,
    examId: fixed.exam_id,
    studentId: fixed.student_id,
    studentName: fixed.student_name,
    studentEmail: fixed.student_email,
    attempt: fixed.attempt,
    room: fixed.room,
    accommodations: fixed.accommodations,
    status: changing.status,
    connected: live?.connected ?? false,
    startedAt: fixed.started_at.toISOString(),
    deadline: iso(changing.deadline),
    pausedAt: iso(changing.paused_at),
    endedAt: iso(changing.ended_at),
    ...riskView(
      fixed.policy,
      { score: changing.risk_score, rolling: changing.rolling_risk, at: changing.rolling_at.getTime() },
      changing.ended_at?.getTime() ?? now,
    ),
    attention: attentionView(fixed.policy, changing.attention_state ?? NO_ATTENTION, {
      ended: changing.status === 'ended',
      now,
    }),
    open: open.filter(opensIncident),
    lastFrameAt: lastFrameAt === undefined ? iso(changing.last_frame_at) : new Date(lastFrameAt).toISOString(),
    client: live?.client ?? null,
    requests: requestsOf(fixed),
    conversation: { hand: changing.conversation?.hand ?? null, unread: changing.conversation?.unread ?? 0 },
    offset: changing.last_offset,
  };
}

/** Requests that staff can make, under the session's policy and accommodations. */
function requestsOf({ policy, accommodations }: FixedColumns): NonNullable<SessionView['requests']> {
  const faceCheck = keepsStartPicture(policy);
  if (challengesOf(policy).enabled) return { challenge: 'on', faceCheck };
  return {
    challenge: accommodations && appliedDetection(accommodations).turnsOff ? 'accommodation' : 'policy',
    faceCheck,
  };
}

const starterOf = ({ started_by_key: key, started_by_staff: staff, student_id: student }: NamedSessionRow) =>
  key !== null
    ? ({ kind: 'key', id: key } as const)
    : staff !== null
      ? ({ kind: 'staff', id: staff } as const)
      : ({ kind: 'student', id: student } as const);

/** A session as the HTTP API answers it to staff. */
export function sessionAnswer(row: NamedSessionRow, live: LiveFacts | undefined, now: number): Session {
  const {
    open: _open,
    client: _client,
    requests: _requests,
    conversation: _conversation,
    score,
    rolling,
    level,
    ...rest
  } = sessionView(row, row, live, [], now);
  return {
    ...rest,
    riskScore: score,
    rollingRisk: rolling,
    riskLevel: level,
    reviewedScore: row.reviewed_score,
    reviewedLevel: levelOf(row.policy, row.reviewed_score),
    endReason: row.end_reason,
    policyVersion: row.policy_version,
    accommodations: row.accommodations,
    attempt: row.attempt,
    startedBy: starterOf(row),
  };
}

/**
 * As its student sees it: without the note for proctors and the order in which staff look at sessions.
 * @param released whether the student sees a verdict; until then decisions about events show neither in the score nor
 *   in the number of changes
 */
export function toItsStudent({ attention: _attention, ...session }: Session, released: boolean): Session {
  const { accommodations, riskScore, riskLevel } = session;
  const seen = released ? session : { ...session, reviewedScore: riskScore, reviewedLevel: riskLevel, offset: 0 };
  if (!accommodations?.profile) return seen;
  return { ...seen, accommodations: { ...accommodations, profile: { ...accommodations.profile, note: null } } };
}
