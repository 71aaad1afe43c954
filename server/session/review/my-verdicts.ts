import { findEvidence, listEvidenceOf, type EvidenceRow } from '../../../db/evidence.ts';
import type { Executor } from '../../../db/executor.ts';
import type { NamedSessionRow } from '../../../db/sessions.ts';
import { findUsers } from '../../../db/users.ts';
import { listReleaseSteps, type ReleaseSteps } from '../../../db/verdict-case.ts';
import { findVerdicts } from '../../../db/verdicts.ts';
import { MAX_SESSION_EVIDENCE } from '../../../protocol/http/evidence.ts';
import type { Verdict } from '../../../protocol/http/reviews.ts';
import type { MyVerdict } from '../../../protocol/http/verdict-steps.ts';
import { releaseOf } from '../../../protocol/policy.ts';
import { listReleases, verdictsOf } from './released-verdicts.ts';
import { mayAnswer, mayAppeal } from './student-statement.ts';
import { shownVerdictId } from './verdict-state.ts';

/** Released verdicts as their student sees them: nothing before a release, names and pictures as the policy says. */

type Theirs = Pick<NamedSessionRow, 'id' | 'policy'>;

/** Whether the student sees a picture: of an event that a release names, if the policy shows pictures. */
const isShown = ({ policy }: Theirs, steps: readonly ReleaseSteps[], { event_id }: Pick<EvidenceRow, 'event_id'>) =>
  releaseOf(policy).pictures && steps.some(({ release }) => release.events.includes(event_id));

/** A picture that the student sees; undefined also for one of others. */
export async function findMyPicture(ex: Executor, session: Theirs, id: string): Promise<EvidenceRow | undefined> {
  const row = await findEvidence(ex, id);
  if (row?.session_id !== session.id) return undefined;
  return isShown(session, await listReleases(ex, session.id), row) ? row : undefined;
}

export async function readMyVerdicts(ex: Executor, session: Theirs, now: Date): Promise<MyVerdict[]> {
  const all = await listReleases(ex, session.id);
  const [newest] = all;
  if (!newest) return [];
  const settings = releaseOf(session.policy);
  const verdict = await verdictsOf(ex, all);
  const people = settings.staffNames
    ? await findUsers(
        ex,
        all.flatMap(({ outcome }) => (outcome ? [outcome.by] : [])),
      )
    : [];
  const shown = settings.pictures
    ? (await listEvidenceOf(ex, session.id, MAX_SESSION_EVIDENCE)).filter((row) => isShown(session, all, row))
    : [];
  const staff = (id: string, name: string | undefined) =>
    settings.staffNames && name !== undefined ? { id, name } : null;
  return all.map((steps) => {
    const { release, answer, appeal, outcome } = steps;
    const given = verdict(release.verdict_id);
    return {
      release: release.id,
      verdict: given.verdict,
      reason: given.reason,
      by: staff(given.by, given.by_name),
      at: release.created_at.toISOString(),
      events: release.events,
      pictures: shown
        .filter(({ event_id }) => release.events.includes(event_id))
        .map(({ id, event_id: eventId, kind, at }) => ({ id, eventId, kind, at: at.toISOString() })),
      answerUntil: release.answer_until?.toISOString() ?? null,
      appealUntil: release.appeal_until?.toISOString() ?? null,
      mayAnswer: steps === newest && mayAnswer(steps, now),
      mayAppeal: steps === newest && mayAppeal(steps, now),
      answer: answer ? { text: answer.text, at: answer.created_at.toISOString() } : null,
      appeal: appeal ? { text: appeal.text, at: appeal.created_at.toISOString() } : null,
      outcome: outcome
        ? {
            outcome: outcome.outcome,
            verdict: outcome.verdict_id === null ? null : verdict(outcome.verdict_id).verdict,
            reason: outcome.reason,
            by:
              outcome.outcome === 'withdrawn'
                ? null
                : staff(outcome.by, people.find(({ id }) => id === outcome.by)?.name),
            at: outcome.created_at.toISOString(),
          }
        : null,
    };
  });
}

type ShownVerdict = Omit<Verdict, 'by'> & { readonly by: { readonly id: string; readonly name: string } | null };

/** The verdict that the student sees; null: none was released. */
export async function findMyVerdict(ex: Executor, session: Theirs): Promise<ShownVerdict | null> {
  const [newest] = await listReleaseSteps(ex, session.id, 1);
  const id = shownVerdictId({ newest });
  if (id === undefined) return null;
  const [row] = await findVerdicts(ex, [id]);
  return {
    id,
    sessionId: session.id,
    verdict: row!.verdict,
    reason: row!.reason,
    by: releaseOf(session.policy).staffNames ? { id: row!.by, name: row!.by_name } : null,
    at: row!.created_at.toISOString(),
  };
}
