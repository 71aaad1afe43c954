import { expect } from 'vitest';
import type { Executor } from '../../db/executor.ts';
import { type OutcomeRow, findVerdictState, listReleaseSteps, type ReleaseSteps } from '../../db/verdict-case.ts';
import { listVerdicts, type VerdictRow } from '../../db/verdicts.ts';

interface Entry {
  readonly type: string;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Everything about the decision about a session, as the database and the audit log have it, oldest first. */
export interface VerdictHistory {
  readonly verdicts: readonly VerdictRow[];
  readonly steps: readonly ReleaseSteps[];
  readonly log: readonly Entry[];
}

const MOST = 10_000;

export async function readVerdictHistory(ex: Executor, session: string): Promise<VerdictHistory> {
  const entries = await ex
    .selectFrom('audit_entries')
    .select(['event_type', 'actor', 'payload'])
    .where('entity_type', '=', 'session')
    .where('entity_id', '=', session)
    .where('event_type', 'in', [
      'VERDICT_GIVEN',
      'VERDICT_RELEASED',
      'VERDICT_ANSWERED',
      'VERDICT_APPEALED',
      'APPEAL_ASSIGNED',
      'APPEAL_DECIDED',
    ])
    .orderBy('position')
    .execute();
  return {
    verdicts: (await listVerdicts(ex, session, MOST)).toReversed(),
    steps: (await listReleaseSteps(ex, session, MOST)).toReversed(),
    log: entries.map(({ event_type, actor, payload }) => ({
      type: event_type,
      actor,
      payload: JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>,
    })),
  };
}

/** Ids of all rows, in the order in which each kind was added. */
export const idsOf = ({ verdicts, steps }: VerdictHistory): Readonly<Record<string, readonly string[]>> => ({
  verdicts: verdicts.map(({ id }) => id),
  releases: steps.map(({ release }) => release.id),
  answers: steps.flatMap(({ answer }) => answer?.id ?? []),
  appeals: steps.flatMap(({ appeal }) => appeal?.id ?? []),
  outcomes: steps.flatMap(({ outcome }) => outcome?.id ?? []),
});

/** What was there is still there, in its order. */
export function expectOnlyAdded(before: VerdictHistory, after: VerdictHistory): void {
  const kept = idsOf(after);
  for (const [kind, ids] of Object.entries(idsOf(before)))
    expect(kept[kind]!.slice(0, ids.length), `${kind} are only added to`).toEqual(ids);
  expect(after.log.slice(0, before.log.length), 'the log is only added to').toEqual(before.log);
}

interface Rules {
  readonly secondPerson: boolean;
  readonly student: string;
  readonly terminators: readonly string[];
}

/** Each step of the log is one that the steps before it allow, and the rows say the same. */
export function expectLawful(
  { verdicts, steps, log }: VerdictHistory,
  { secondPerson, student, terminators }: Rules,
): void {
  const judges = new Map(verdicts.map(({ id, by }) => [id, by]));
  const outcomes = new Map<string, OutcomeRow>(
    steps.flatMap(({ outcome }) => (outcome ? [[outcome.id, outcome]] : [])),
  );
  const involved = new Set(terminators);
  let newest: unknown;
  let shown: unknown;
  let appeal: unknown;
  let officer: unknown = null;
  let lastRelease: unknown;
  const answered = new Set<unknown>();
  const appealed = new Set<unknown>();
  log.forEach(({ type, actor, payload }, i) => {
    switch (type) {
      case 'VERDICT_GIVEN': {
        const outcome = log[i + 1];
        const isOfOutcome = outcome?.type === 'APPEAL_DECIDED' && outcome.payload['verdictId'] === payload['verdictId'];
        if (appeal !== undefined)
          expect(isOfOutcome, 'while an appeal is open only its outcome gives a verdict').toBe(true);
        else involved.add(actor!);
        expect(judges.get(String(payload['verdictId']))).toBe(actor);
        newest = payload['verdictId'];
        return;
      }
      case 'VERDICT_RELEASED':
        expect(appeal, 'nothing is released while an appeal is open').toBeUndefined();
        expect(payload['verdictId'], 'the newest verdict is released').toBe(newest);
        expect(shown, 'no verdict is released twice').not.toBe(newest);
        expect(terminators, 'who terminated does not release').not.toContain(actor);
        expect(actor).not.toBe(student);
        if (secondPerson) expect(actor, 'a second person releases').not.toBe(judges.get(String(newest)));
        involved.add(actor!);
        shown = newest;
        lastRelease = payload['releaseId'];
        return;
      case 'VERDICT_ANSWERED':
        expect(actor).toBe(student);
        expect(payload['releaseId']).toBe(lastRelease);
        expect(answered, 'one answer').not.toContain(lastRelease);
        answered.add(lastRelease);
        return;
      case 'VERDICT_APPEALED':
        expect(actor).toBe(student);
        expect(payload['releaseId']).toBe(lastRelease);
        expect(appealed, 'one appeal').not.toContain(lastRelease);
        appealed.add(lastRelease);
        appeal = payload['appealId'];
        officer = null;
        return;
      case 'APPEAL_ASSIGNED':
        expect(payload['appealId'], 'an open appeal is given').toBe(appeal);
        expect(payload['before']).toBe(officer);
        officer = payload['officer'];
        if (officer !== null) expect([...involved, student], 'to another person').not.toContain(officer);
        return;
      case 'APPEAL_DECIDED': {
        expect(payload['appealId'], 'an open appeal is decided').toBe(appeal);
        expect(outcomes.get(String(payload['outcomeId']))).toMatchObject({ outcome: payload['outcome'], by: actor });
        appeal = undefined;
        if (payload['outcome'] === 'withdrawn') {
          expect(actor).toBe(student);
          return;
        }
        expect(actor, 'by the person to whom it is given').toBe(officer);
        expect([...involved, student], 'by another person').not.toContain(actor);
        involved.add(actor!);
        if (payload['verdictId'] !== undefined) shown = payload['verdictId'];
      }
    }
  });
  const count = (type: string) => log.filter((entry) => entry.type === type).length;
  expect([
    count('VERDICT_GIVEN'),
    count('VERDICT_RELEASED'),
    count('VERDICT_ANSWERED'),
    count('VERDICT_APPEALED'),
    count('APPEAL_DECIDED'),
  ]).toEqual([
    verdicts.length,
    steps.length,
    steps.filter(({ answer }) => answer).length,
    steps.filter(({ appeal: one }) => one).length,
    outcomes.size,
  ]);
}

/** The state in lists is the one that follows from the steps. */
export async function expectState(ex: Executor, session: string, { verdicts, steps }: VerdictHistory): Promise<void> {
  const state = await findVerdictState(ex, session);
  const verdict = verdicts.at(-1);
  if (!verdict) return expect(state).toBeUndefined();
  const last = steps.at(-1);
  const shown = last ? (last.outcome?.verdict_id ?? last.release.verdict_id) : null;
  const name =
    last?.appeal && !last.outcome
      ? 'appealed'
      : verdict.id !== shown
        ? 'provisional'
        : last?.outcome
          ? 'closed'
          : last?.answer
            ? 'answered'
            : 'released';
  expect(state).toMatchObject({
    state: name,
    verdict_id: verdict.id,
    shown_verdict_id: shown,
    release_id: last?.release.id ?? null,
    ...(name !== 'appealed' && { officer_id: null }),
  });
  expect(state!.due_at !== null, 'what staff have to do has a time').toBe(
    name === 'appealed' || name === 'provisional',
  );
}
