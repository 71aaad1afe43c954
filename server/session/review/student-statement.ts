import { uuidv7 } from 'uuidv7';
import {
  insertAnswer,
  insertAppeal,
  insertOutcome,
  type ReleaseSteps,
  type VerdictCase,
} from '../../../db/verdict-case.ts';
import { lockUsers } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { commitTo } from '../record/review-records.ts';
import { actOnVerdict, type VerdictActParts } from './verdict-act.ts';
import { openAppealOf } from './verdict-state.ts';

/** Steps of the student after the release of a verdict. Their routes check that the session is theirs. */

/** Without words about a verdict that was not released: there is none for the student. */
function newestRelease({ newest }: VerdictCase): ReleaseSteps {
  if (!newest) throw new ProtocolError('verdict_missing', 'no verdict has been released');
  return newest;
}

const isOpenUntil = (until: Date | null, at: Date): boolean => until !== null && at < until;

const closed = (what: string) => new ProtocolError('window_closed', `the time for ${what} is over`);

/** Whether the student may answer now. */
export const mayAnswer = ({ release, answer, outcome }: ReleaseSteps, at: Date): boolean =>
  !answer && !outcome && isOpenUntil(release.answer_until, at);

/** Whether the student may appeal now. */
export const mayAppeal = ({ release, appeal }: ReleaseSteps, at: Date): boolean =>
  !appeal && isOpenUntil(release.appeal_until, at);

/** The row of an answer or an appeal, and the digest by which the audit log commits to its text. */
function statementOf(sessionId: string, { release }: ReleaseSteps, text: string, at: Date) {
  const { salt, digest } = commitTo(text);
  const row = {
    id: uuidv7(),
    session_id: sessionId,
    release_id: release.id,
    text,
    text_salt: salt,
    created_at: at,
  };
  return { row, digest };
}

/** @throws ProtocolError `verdict_missing`, `already_answered` or `window_closed` */
export function answerVerdict(parts: VerdictActParts, student: string, sessionId: string, text: string): Promise<void> {
  return actOnVerdict(parts, sessionId, async (tx, { facts, at }) => {
    const steps = newestRelease(facts);
    if (steps.answer) throw new ProtocolError('already_answered', 'you have answered already');
    if (!mayAnswer(steps, at)) throw closed('an answer');
    const { row, digest } = statementOf(sessionId, steps, text, at);
    await insertAnswer(tx, row);
    const payload = { answerId: row.id, releaseId: row.release_id, textDigest: digest };
    return { value: undefined, audit: [{ type: 'VERDICT_ANSWERED', actor: student, payload }] };
  });
}

/**
 * Opens an appeal: from now on nothing of the session is deleted until it has its outcome.
 * @throws ProtocolError `verdict_missing`, `already_appealed`, `window_closed` or `account_disabled`
 */
export function appealVerdict(parts: VerdictActParts, student: string, sessionId: string, text: string): Promise<void> {
  return actOnVerdict(parts, sessionId, async (tx, { facts, at }) => {
    // An account is not anonymised meanwhile, and not after it while the appeal is open.
    const [user] = await lockUsers(tx, [student], 'share');
    if (!user || user.disabled_at !== null) throw new ProtocolError('account_disabled', 'account is disabled');
    const steps = newestRelease(facts);
    if (steps.appeal) throw new ProtocolError('already_appealed', 'you have appealed already');
    if (!mayAppeal(steps, at)) throw closed('an appeal');
    const { row, digest } = statementOf(sessionId, steps, text, at);
    await insertAppeal(tx, row);
    const payload = { appealId: row.id, releaseId: row.release_id, textDigest: digest };
    return { value: undefined, audit: [{ type: 'VERDICT_APPEALED', actor: student, payload }] };
  });
}

/** @throws ProtocolError `appeal_missing` */
export function withdrawAppeal(parts: VerdictActParts, student: string, sessionId: string): Promise<void> {
  return actOnVerdict(parts, sessionId, async (tx, { facts, at }) => {
    const appealId = openAppealOf(facts)?.id;
    if (appealId === undefined) throw new ProtocolError('appeal_missing', 'you have no open appeal');
    const id = uuidv7();
    await insertOutcome(tx, {
      id,
      session_id: sessionId,
      appeal_id: appealId,
      outcome: 'withdrawn',
      verdict_id: null,
      reason: null,
      reason_salt: null,
      by: student,
      created_at: at,
    });
    const payload = { outcomeId: id, appealId, outcome: 'withdrawn' };
    return { value: undefined, audit: [{ type: 'APPEAL_DECIDED', actor: student, payload }] };
  });
}
