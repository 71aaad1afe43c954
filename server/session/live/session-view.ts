import type { EventRow } from '../../../db/events.ts';
import type { NamedSessionRow } from '../../../db/sessions.ts';
import type { SessionView } from '../../../protocol/down.ts';
import type { Session } from '../../../protocol/http/sessions.ts';
import { levelOf, riskView } from '../rules/risk.ts';

/** What only the owner of a live session knows. */
interface LiveFacts {
  readonly connected: boolean;
  readonly lastFrameAt: number | undefined;
}

function risk(row: NamedSessionRow, now: number) {
  return riskView(
    row.policy,
    { score: row.risk_score, rolling: row.rolling_risk, at: row.rolling_at.getTime() },
    row.ended_at?.getTime() ?? now,
  );
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A stored session as consoles show it. */
export function sessionView(
  row: NamedSessionRow,
  live: LiveFacts | undefined,
  open: readonly EventRow[],
  now: number,
): SessionView {
  const lastFrameAt = live?.lastFrameAt;
  return {
    id: row.id,
    examId: row.exam_id,
    studentId: row.student_id,
    studentName: row.student_name,
    studentEmail: row.student_email,
    room: row.room,
    status: row.status,
    connected: live?.connected ?? false,
    startedAt: row.started_at.toISOString(),
    deadline: iso(row.deadline),
    endedAt: iso(row.ended_at),
    ...risk(row, now),
    open: open.map((event) => event.type),
    lastFrameAt: lastFrameAt === undefined ? iso(row.last_frame_at) : new Date(lastFrameAt).toISOString(),
    offset: row.last_offset,
  };
}

/** A stored session as the HTTP API answers it. */
export function sessionAnswer(row: NamedSessionRow, live: LiveFacts | undefined, now: number): Session {
  const { open: _open, score, rolling, level, ...rest } = sessionView(row, live, [], now);
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
  };
}
