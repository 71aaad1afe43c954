import { uuidv7 } from 'uuidv7';
import { findEvents } from '../../../db/events.ts';
import type { Tx } from '../../../db/executor.ts';
import { insertRelease, type InvolvedPerson, listInvolved, type VerdictCase } from '../../../db/verdict-case.ts';
import type { VerdictRow } from '../../../db/verdicts.ts';
import { badField, ProtocolError } from '../../../protocol/errors.ts';
import { type Policy, releaseOf } from '../../../protocol/policy.ts';
import { actOnVerdict, refuseOpenAppeal, type VerdictActParts } from './verdict-act.ts';
import { afterDays } from '../../after-days.ts';
import { shownVerdictId } from './verdict-state.ts';

/** @throws ProtocolError `verdict_missing` or `already_released` */
function unreleased(facts: VerdictCase): VerdictRow {
  const { verdict } = facts;
  if (!verdict) throw new ProtocolError('verdict_missing', 'the session has no verdict');
  if (verdict.id === shownVerdictId(facts))
    throw new ProtocolError('already_released', 'the student sees this verdict already', { ref: verdict.id });
  return verdict;
}

/**
 * Nobody releases the verdict on a session that they terminated, nor their own where the policy asks for a second
 * person. @throws ProtocolError `person_involved` or `second_person_required`
 */
function refuseReleaser(
  by: string,
  verdict: Pick<VerdictRow, 'by'>,
  involved: readonly InvolvedPerson[],
  policy: Pick<Policy, 'release'>,
): void {
  if (involved.some(({ id, role }) => id === by && role === 'terminator'))
    throw new ProtocolError('person_involved', 'you terminated the session: somebody else releases the verdict');
  if (releaseOf(policy).secondPerson && verdict.by === by)
    throw new ProtocolError('second_person_required', 'you gave the verdict: a second person releases it');
}

/** The checks of a release by a person, for the page and for the act. @throws ProtocolError as `releaseVerdict` */
export function checkRelease(
  by: string,
  facts: VerdictCase,
  {
    session,
    involved,
  }: { readonly session: { id: string; policy: Policy }; readonly involved: readonly InvolvedPerson[] },
): VerdictRow {
  refuseOpenAppeal({ session, facts });
  const verdict = unreleased(facts);
  refuseReleaser(by, verdict, involved, session.policy);
  return verdict;
}

/** @throws ProtocolError `bad_request` for an event of another session, or a dismissed one */
async function checkDeciding(tx: Tx, session: string, ids: readonly string[]): Promise<void> {
  const events = await findEvents(tx, ids);
  const deciding = new Set(
    events.filter(({ session_id, review }) => session_id === session && review !== 'dismissed').map(({ id }) => id),
  );
  const other = ids.findIndex((id) => !deciding.has(id));
  if (other === -1) return;
  throw badField(`body.events.${other}`, 'must be an event of the session that is not dismissed');
}

/**
 * Shows the newest verdict to its student, from now on with the periods of the policy.
 * @throws ProtocolError `not_found`, `session_running`, `verdict_missing`, `newer_verdict`, `already_released`,
 *   `appeal_open`, `person_involved`, `second_person_required` or `bad_request`
 */
export function releaseVerdict(
  parts: VerdictActParts,
  by: string,
  sessionId: string,
  { verdict: seen, events }: { readonly verdict: string; readonly events: readonly string[] },
): Promise<{ readonly answerUntil: Date | null; readonly appealUntil: Date | null }> {
  return actOnVerdict(parts, sessionId, async (tx, { session, facts, at }) => {
    const verdict = checkRelease(by, facts, { session, involved: await listInvolved(tx, sessionId) });
    if (verdict.id !== seen)
      throw new ProtocolError('newer_verdict', 'the session has a newer verdict', { ref: verdict.id });
    await checkDeciding(tx, sessionId, events);
    const { answerDays, appealDays } = releaseOf(session.policy);
    const until = (days: number) => (days === 0 ? null : afterDays(at, days));
    const release = {
      id: uuidv7(),
      session_id: sessionId,
      verdict_id: verdict.id,
      events,
      answer_until: until(answerDays),
      appeal_until: until(appealDays),
      by,
      created_at: at,
    };
    await insertRelease(tx, release);
    const payload = { releaseId: release.id, verdictId: verdict.id, events };
    return {
      value: { answerUntil: release.answer_until, appealUntil: release.appeal_until },
      audit: [{ type: 'VERDICT_RELEASED', actor: by, payload }],
    };
  });
}
