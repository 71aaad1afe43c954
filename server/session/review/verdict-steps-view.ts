import type { Executor } from '../../../db/executor.ts';
import { findSession } from '../../../db/sessions.ts';
import { findVerdictCase, findVerdictState, listInvolved } from '../../../db/verdict-case.ts';
import { findVerdicts } from '../../../db/verdicts.ts';
import { type ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import type { VerdictSteps } from '../../../protocol/http/verdict-steps.ts';
import { noSession } from '../../access/refused.ts';
import { mayUse } from '../../access/rights.ts';
import { checkDecision } from './appeals.ts';
import { verdictView } from './decision-views.ts';
import { readReleases } from './releases-view.ts';
import { checkRelease } from './release-verdict.ts';
import { shownVerdictId } from './verdict-state.ts';
import type { Viewer } from '../../../db/visibility.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Code of the error that a check throws; null: none. */
function refusalOf(check: () => unknown): ErrorCode | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** Steps of the decision about a session, and what the caller may do next. @throws ProtocolError `not_found` */
export async function readVerdictSteps(ex: Executor, id: string, who: Viewer): Promise<VerdictSteps> {
  const session = await findSession(ex, id);
  if (!session) throw noSession();
  const facts = await findVerdictCase(ex, id);
  const state = await findVerdictState(ex, id);
  const involved = await listInvolved(ex, id);
  const shownId = shownVerdictId(facts);
  const [shown] = shownId === undefined ? [] : await findVerdicts(ex, [shownId]);
  const allowed = mayUse(who, 'release');
  return {
    state: state?.state ?? null,
    verdict: facts.verdict ? verdictView(facts.verdict) : null,
    shown: shown ? verdictView(shown) : null,
    due: iso(state?.due_at ?? null),
    releases: await readReleases(ex, id, facts.officer),
    refusals: {
      release: allowed ? refusalOf(() => checkRelease(who.userId, facts, { session, involved })) : 'forbidden',
      decide: allowed ? refusalOf(() => checkDecision(who.userId, facts, { session, involved })) : 'forbidden',
    },
  };
}
