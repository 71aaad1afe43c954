import type { ListedVerdictRow } from '../../../db/verdict-list.ts';
import type { VerdictListItem } from '../../../protocol/http/verdict-steps.ts';

/** A verdict in the list of staff. */
export const verdictListItem =
  (now: Date) =>
  (row: ListedVerdictRow): VerdictListItem => ({
    sessionId: row.session_id,
    exam: { id: row.exam_id, title: row.exam_title },
    student: { id: row.student_id, name: row.student_name, email: row.student_email },
    attempt: row.attempt,
    state: row.state,
    since: row.since.toISOString(),
    due: row.due_at?.toISOString() ?? null,
    overdue: row.due_at !== null && row.due_at <= now,
    verdict: row.verdict,
    judge: { id: row.judge_id, name: row.judge_name, email: row.judge_email },
    officer:
      row.officer_id === null
        ? null
        : { id: row.officer_id, name: row.officer_name ?? '', email: row.officer_email ?? '' },
    answerUntil: row.answer_until?.toISOString() ?? null,
    appealUntil: row.appeal_until?.toISOString() ?? null,
  });
