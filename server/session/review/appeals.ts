import { uuidv7 } from 'uuidv7';
import type { Executor, Tx } from '../../../db/executor.ts';
import { findPlacedSession } from '../../../db/sessions.ts';
import { lockUsers } from '../../../db/users.ts';
import { findVerdicts } from '../../../db/verdicts.ts';
import { type AppealRow, insertOutcome, listInvolved, type VerdictCase } from '../../../db/verdict-case.ts';
import type { Viewer } from '../../../db/visibility.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { OutcomeBody } from '../../../protocol/http/verdict-steps.ts';
import { manages } from '../../access/exam-access.ts';
import { noSession } from '../../access/refused.ts';
import { staffSession } from '../../access/session-access.ts';
import { commitTo } from '../record/review-records.ts';
import { storeVerdict } from './verdict.ts';
import { actOnVerdict, type VerdictActParts } from './verdict-act.ts';
import { hasOpenAppeal } from './verdict-state.ts';

/** @throws ProtocolError `appeal_missing` */
function openAppeal(facts: VerdictCase): AppealRow {
  if (!hasOpenAppeal(facts)) throw new ProtocolError('appeal_missing', 'no appeal about this session is open');
  return facts.newest!.appeal!;
}

/**
 * An appeal goes to another person than the first: who gave or released a verdict on the session, decided an earlier
 * appeal or terminated it does not decide. @throws ProtocolError `person_involved`
 */
export async function refuseInvolved(ex: Executor, session: string, person: string): Promise<void> {
  if ((await listInvolved(ex, session)).some(({ id }) => id === person))
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
  await staffSession(parts.db, sessionId, who, 'release');
  const placed = await findPlacedSession(parts.db, sessionId);
  if (!placed || !manages(who, placed)) throw noSession({ id: sessionId });
  await actOnVerdict(parts, sessionId, async (tx, { facts }) => {
    const { id: appealId } = openAppeal(facts);
    if (officer !== null) await checkOfficer(tx, sessionId, officer);
    const payload = { appealId, officer, before: facts.officer };
    return {
      value: undefined,
      officer,
      audit: officer === facts.officer ? [] : [{ type: 'APPEAL_ASSIGNED', actor: who.userId, payload }],
    };
  });
}

/** @throws ProtocolError `not_found` or `person_involved` */
async function checkOfficer(tx: Tx, sessionId: string, officer: string): Promise<void> {
  const [user] = await lockUsers(tx, [officer], 'share');
  const refused = () =>
    new ProtocolError('not_found', 'no person with this id may decide appeals about the session', { ref: officer });
  if (!user || user.disabled_at !== null) throw refused();
  try {
    await staffSession(
      tx,
      sessionId,
      { userId: user.id, role: user.role, organisationId: user.organisation_id },
      'release',
    );
  } catch (error) {
    if (error instanceof ProtocolError) throw refused();
    throw error;
  }
  await refuseInvolved(tx, sessionId, officer);
}

/** The checks of an outcome by a person, for the page and for the act. @throws ProtocolError as `decideAppeal` */
export async function checkOfficerOf(
  ex: Executor,
  session: string,
  facts: VerdictCase,
  by: string,
): Promise<AppealRow> {
  const appeal = openAppeal(facts);
  if (facts.officer !== by)
    throw new ProtocolError(
      'forbidden',
      facts.officer === null ? 'the appeal is given to nobody yet' : 'the appeal is given to another person',
      { refusal: { kind: 'role_refused', target: session } },
    );
  await refuseInvolved(ex, session, by);
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
  return actOnVerdict(parts, sessionId, async (tx, { facts, at }) => {
    const { id: appealId } = await checkOfficerOf(tx, sessionId, facts, by);
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
      if (before?.verdict === verdict) {
        const [field, message] = ['body.verdict', 'must differ from the verdict of the appeal'];
        throw new ProtocolError('bad_request', `${field}: ${message}`, { ref: field, fields: [{ field, message }] });
      }
      return storeVerdict(tx, { session: sessionId, by, at }, { verdict: verdict!, reason });
    }
  });
}
