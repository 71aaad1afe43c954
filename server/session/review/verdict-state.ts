import type { AppealRow, VerdictCase, VerdictStateRow } from '../../../db/verdict-case.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { afterDays } from '../../after-days.ts';

/** The appeal that has no outcome yet. */
export const openAppealOf = ({ newest }: Pick<VerdictCase, 'newest'>): AppealRow | undefined =>
  newest?.outcome ? undefined : newest?.appeal;

/** Id of the verdict that the student sees: of the newest release, or of the outcome that changed it. */
export const shownVerdictId = ({ newest }: Pick<VerdictCase, 'newest'>): string | undefined =>
  newest && (newest.outcome?.verdict_id ?? newest.release.verdict_id);

/** Pure: the state that follows from the steps. Undefined: there is no verdict. */
export function verdictState(
  session: string,
  facts: VerdictCase,
  { decideDays }: Policy['release'],
): VerdictStateRow | undefined {
  const { verdict, newest, officer } = facts;
  if (!verdict) return undefined;
  const shown = shownVerdictId(facts) ?? null;
  const common = {
    session_id: session,
    verdict_id: verdict.id,
    shown_verdict_id: shown,
    release_id: newest?.release.id ?? null,
    officer_id: null,
    due_at: null,
  };
  const appeal = openAppealOf(facts);
  if (appeal) {
    const since = appeal.created_at;
    return { ...common, state: 'appealed', since, officer_id: officer, due_at: afterDays(since, decideDays) };
  }
  if (!newest || verdict.id !== shown) {
    const since = verdict.created_at;
    return { ...common, state: 'provisional', since, due_at: afterDays(since, decideDays) };
  }
  if (newest.outcome) return { ...common, state: 'closed', since: newest.outcome.created_at };
  if (newest.answer) return { ...common, state: 'answered', since: newest.answer.created_at };
  return { ...common, state: 'released', since: newest.release.created_at };
}
