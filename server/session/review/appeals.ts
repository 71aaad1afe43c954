import { uuidv7 } from 'uuidv7';
import { findVerdicts } from '../../../db/verdicts.ts';
import {
  type AppealRow,
  insertOutcome,
  type InvolvedPerson,
  listInvolved,
  type VerdictCase,
} from '../../../db/verdict-case.ts';
import type { Viewer } from '../../../db/visibility.ts';
import { badField, ProtocolError } from '../../../protocol/errors.ts';
import type { OutcomeBody } from '../../../protocol/http/verdict-steps.ts';
import { checkGivenTo, managedSession } from '../../access/session-access.ts';
import { commitTo } from '../record/review-records.ts';
import { storeVerdict } from './verdict.ts';
import { actOnVerdict, type VerdictActParts } from './verdict-act.ts';
import { openAppealOf } from './verdict-state.ts';

/** @throws ProtocolError `appeal_missing` */
function openAppeal(facts: VerdictCase): AppealRow {
  const appeal = openAppealOf(facts);
  if (!appeal) throw new ProtocolError('appeal_missing', 'no appeal about this session is open');
  return appeal;
}

/**
 * An appeal goes to another person than the first: who gave or released a verdict on the session, decided an earlier
 * appeal or terminated it does not decide. @throws ProtocolError `person_involved`
 */
function refuseInvolved(involved: readonly InvolvedPerson[], person: string): void {
  if (involved.some(({ id }) => id === person))
    throw new ProtocolError('person_involved', 'had a part in the decision: another person decides the appeal', {
      ref: person,
    });
}

/**
 * Gives an open appeal to the person who decides it, or takes it back.
 * @throws ProtocolError `not_found` or `forbidden` for a session that `who` does not manage; `not_found` for a person who
 *   may not decide appeals about it; `appeal_missing`, `person_involved`
 */
export async function giveAppeal(
  parts: VerdictActParts,
  who: Viewer,
  sessionId: string,
  officer: string | null,
): Promise<void> {
  await managedSession(parts.db, sessionId, who, 'release');
  await actOnVerdict(parts, sessionId, async (tx, { facts }) => {
    const { id: appealId } = openAppeal(facts);
    if (officer !== null) {
      await checkGivenTo(tx, officer, { sessions: [sessionId], use: 'release' }, () => mayNotDecide(officer));
      refuseInvolved(await listInvolved(tx, sessionId), officer);
    }
    const payload = { appealId, officer, before: facts.officer };
    return {
      value: undefined,
      officer,
      audit: officer === facts.officer ? [] : [{ type: 'APPEAL_ASSIGNED', actor: who.userId, payload }],
    };
  });
}

const mayNotDecide = (ref: string) =>
  new ProtocolError('not_found', 'no person with this id may decide appeals about the session', { ref });

/** The checks of an outcome by a person, for the page and for the act. @throws ProtocolError as `decideAppeal` */
export function checkDecision(
  by: string,
  facts: VerdictCase,
  { session, involved }: { readonly session: { readonly id: string }; readonly involved: readonly InvolvedPerson[] },
): AppealRow {
  const appeal = openAppeal(facts);
  if (facts.officer !== by)
    throw new ProtocolError(
      'forbidden',
      facts.officer === null ? 'the appeal is given to nobody yet' : 'the appeal is given to another person',
      { refusal: { kind: 'role_refused', target: session.id } },
    );
  refuseInvolved(involved, by);
  return appeal;
}

/**
 * Adds the outcome of an open appeal, by the person to whom it is given. A changed one gives a new verdict, which the
 * student sees with it; the verdicts before stay in the record.
 * @throws ProtocolError `appeal_missing`, `forbidden`, `person_involved`, or `bad_request` for the verdict of the appeal
 */
export function decideAppeal(
  parts: VerdictActParts,
  by: string,
  sessionId: string,
  { outcome, verdict, reason }: OutcomeBody,
): Promise<void> {
  return actOnVerdict(parts, sessionId, async (tx, { session, facts, at }) => {
    const { id: appealId } = checkDecision(by, facts, { session, involved: await listInvolved(tx, sessionId) });
    const given = verdict && (await changedVerdict());
    const { salt, digest } = commitTo(reason);
    const id = uuidv7();
    const verdictId = given?.value.id ?? null;
    await insertOutcome(tx, {
      id,
      session_id: sessionId,
      appeal_id: appealId,
      outcome,
      verdict_id: verdictId,
      reason,
      reason_salt: salt,
      by,
      created_at: at,
    });
    const payload = { outcomeId: id, appealId, outcome, reasonDigest: digest, ...(verdictId && { verdictId }) };
    return { value: undefined, audit: [...(given?.audit ?? []), { type: 'APPEAL_DECIDED', actor: by, payload }] };

    async function changedVerdict() {
      const [before] = await findVerdicts(tx, [facts.newest!.release.verdict_id]);
      if (before?.verdict === verdict) throw badField('body.verdict', 'must differ from the verdict of the appeal');
      return storeVerdict(tx, { session: sessionId, by, at }, { verdict: verdict!, reason });
    }
  });
}
