import type { Db } from '../../db/executor.ts';
import { listAttended } from '../../db/events.ts';
import { listResults, type ResultRow, type StaffAct } from '../../db/results.ts';
import { findSession } from '../../db/sessions.ts';
import { type Tally, tallyEvents } from '../../db/tallies.ts';
import type { Viewer } from '../../db/visibility.ts';
import type { Attention } from '../../protocol/attention.ts';
import { CHALLENGE_EVENTS, PROCTOR_EVENTS, SERVER_EVENTS } from '../../protocol/event-types.ts';
import type { Result } from '../../protocol/http/results.ts';
import { attentionOf } from '../session/rules/attended.ts';
import { NO_ATTENTION } from '../session/rules/attention.ts';
import { levelOf } from '../session/rules/risk.ts';

/** Neither incidents nor signals: the end of an absence, head turns that were made or not seen, the connection, acts of staff. */
const NO_INCIDENTS: ReadonlySet<string> = new Set([
  'RETURNED_TO_EXAM',
  ...CHALLENGE_EVENTS.filter((type) => type !== 'CHALLENGE_FAILED'),
  ...SERVER_EVENTS,
  ...PROCTOR_EVENTS,
]);

const iso = (date: Date | null) => date?.toISOString() ?? null;

const actView = ({ at, by, name, email, reason }: StaffAct) => ({
  at: new Date(at).toISOString(),
  by: by === null ? null : { id: by, name: name ?? '', ...(email !== null && { email }) },
  reason: reason ?? '',
});

interface BothAttentions {
  readonly all: Attention;
  readonly reviewed: Attention;
}

/** Of the stored value, unless something was dismissed: only then do all events of the session have to be read. */
async function attentionIn(db: Db, row: ResultRow, tallies: readonly Tally[]): Promise<BothAttentions> {
  const { peak: reviewed } = row.attention_state ?? NO_ATTENTION;
  if (tallies.every(({ dismissed }) => dismissed === 0)) return { all: reviewed, reviewed };
  const session = await findSession(db, row.id);
  if (!session) return { all: reviewed, reviewed };
  return attentionOf(session.policy, await listAttended(db, row.id));
}

const shortOf = ({ value, level }: Attention) => ({ value, level });

function resultView(row: ResultRow, tallies: readonly Tally[], attention: BothAttentions): Result {
  const gaps = tallies.find(({ type }) => type === 'CONNECTION_LOST');
  const incidents = tallies.filter(({ type }) => !NO_INCIDENTS.has(type));
  const extended = tallies.reduce((sum, { minutes }) => sum + minutes, 0);
  return {
    sessionId: row.id,
    studentId: row.student_id,
    studentName: row.student_name,
    studentEmail: row.student_email,
    studentNumber: row.student_number,
    externalId: row.external_id,
    attempt: row.attempt,
    room: row.room,
    seat: row.seat,
    startedAt: row.started_at.toISOString(),
    endedAt: iso(row.ended_at),
    deadline: iso(row.deadline),
    extraMinutes: (row.accommodations?.extraMinutes ?? 0) + extended,
    status: row.status,
    endReason: row.end_reason,
    riskScore: row.risk_score,
    riskLevel: levelOf(row, row.risk_score),
    reviewedScore: row.reviewed_score,
    reviewedLevel: levelOf(row, row.reviewed_score),
    attention: shortOf(attention.all),
    reviewedAttention: shortOf(attention.reviewed),
    seen: row.seen || incidents.length > 0,
    gaps: { count: gaps?.count ?? 0, seconds: gaps?.seconds ?? 0 },
    incidents: incidents.map(({ type, count, seconds, dismissed }) => ({ type, count, seconds, dismissed })),
    verdict: row.verdict && {
      verdict: row.verdict,
      reason: row.verdict_reason!,
      by: { id: row.verdict_by!, name: row.verdict_by_name!, email: row.verdict_by_email! },
      at: row.verdict_at!.toISOString(),
    },
    accommodations: row.accommodations,
    terminations: row.terminations.map(actView),
    readmissions: row.readmissions.map((act) => ({ ...actView(act), kind: act.kind, extraMinutes: act.minutes })),
    checkIn: row.check_in && {
      ...actView(row.check_in),
      shown: [...row.check_in.shown],
      missing: [...row.check_in.missing],
    },
  };
}

/** A page of the results of an exam, as far as the person sees its sessions, in order of their start. */
export async function readResults(
  db: Db,
  examId: string,
  page: { readonly cursor: string | undefined; readonly limit: number; readonly seenBy: Viewer },
): Promise<Result[]> {
  const rows = await listResults(db, examId, page);
  const ids = rows.map(({ id }) => id);
  const bySession = new Map<string, Tally[]>(ids.map((id) => [id, []]));
  for (const tally of await tallyEvents(db, ids)) bySession.get(tally.session_id)?.push(tally);
  const results: Result[] = [];
  for (const row of rows) {
    const tallies = bySession.get(row.id) ?? [];
    results.push(resultView(row, tallies, await attentionIn(db, row, tallies)));
  }
  return results;
}
