import type { Executor } from '../../../db/executor.ts';
import { findUsers } from '../../../db/users.ts';
import type { ReleaseSteps } from '../../../db/verdict-case.ts';
import type { Release } from '../../../protocol/http/verdict-steps.ts';
import { verdictView } from './decision-views.ts';
import { listReleases, verdictsOf } from './released-verdicts.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Releases of a session with names, for staff, newest first. */
export async function readReleases(ex: Executor, session: string, officer: string | null): Promise<Release[]> {
  const all = await listReleases(ex, session);
  const given = await verdictsOf(ex, all);
  const people = await findUsers(ex, [
    ...new Set([
      ...(officer === null ? [] : [officer]),
      ...all.flatMap(({ release, outcome }) => [release.by, ...(outcome ? [outcome.by] : [])]),
    ]),
  ]);
  const verdict = (id: string) => verdictView(given(id));
  const person = (id: string) => {
    const { name, email } = people.find((row) => row.id === id)!;
    return { id, name, email };
  };
  const appealOf = ({ appeal, outcome }: ReleaseSteps): Release['appeal'] =>
    appeal
      ? {
          id: appeal.id,
          text: appeal.text,
          at: appeal.created_at.toISOString(),
          officer: outcome || officer === null ? null : person(officer),
          outcome: outcome
            ? {
                id: outcome.id,
                outcome: outcome.outcome,
                verdict: outcome.verdict_id === null ? null : verdict(outcome.verdict_id),
                reason: outcome.reason,
                by: person(outcome.by),
                at: outcome.created_at.toISOString(),
              }
            : null,
        }
      : null;
  return all.map((steps) => ({
    id: steps.release.id,
    verdict: verdict(steps.release.verdict_id),
    events: steps.release.events,
    by: person(steps.release.by),
    at: steps.release.created_at.toISOString(),
    answerUntil: iso(steps.release.answer_until),
    appealUntil: iso(steps.release.appeal_until),
    answer: steps.answer ? { text: steps.answer.text, at: steps.answer.created_at.toISOString() } : null,
    appeal: appealOf(steps),
  }));
}
