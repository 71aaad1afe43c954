import { type Insertable, type Selectable, sql } from 'kysely';
import type { Executor, Tx } from './executor.ts';
import type { AppealOutcomesTable, AppealsTable } from './schema/appeals.ts';
import type { VerdictAnswersTable, VerdictReleasesTable } from './schema/verdict-releases.ts';
import type { VerdictStatesTable } from './schema/verdict-states.ts';
import type { VerdictsTable } from './schema/verdicts.ts';
import { listVerdicts, type VerdictRow } from './verdicts.ts';

export type ReleaseRow = Selectable<VerdictReleasesTable>;
export type AnswerRow = Selectable<VerdictAnswersTable>;
export type AppealRow = Selectable<AppealsTable>;
export type OutcomeRow = Selectable<AppealOutcomesTable>;
export type VerdictStateRow = Selectable<VerdictStatesTable>;

/** A release with what followed it. */
export interface ReleaseSteps {
  readonly release: ReleaseRow;
  readonly answer: AnswerRow | undefined;
  readonly appeal: AppealRow | undefined;
  readonly outcome: OutcomeRow | undefined;
}

/** All steps after the verdicts of a session, newest release first. */
export async function listReleaseSteps(ex: Executor, session: string, limit: number): Promise<ReleaseSteps[]> {
  const releases = await ex
    .selectFrom('verdict_releases')
    .selectAll()
    .where('session_id', '=', session)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  if (releases.length === 0) return [];
  const among = releases.map(({ id }) => id);
  const answers = await ex.selectFrom('verdict_answers').selectAll().where('release_id', 'in', among).execute();
  const appeals = await ex.selectFrom('appeals').selectAll().where('release_id', 'in', among).execute();
  const outcomes =
    appeals.length === 0
      ? []
      : await ex.selectFrom('appeal_outcomes').selectAll().where('session_id', '=', session).execute();
  return releases.map((release) => {
    const appeal = appeals.find(({ release_id }) => release_id === release.id);
    return {
      release,
      answer: answers.find(({ release_id }) => release_id === release.id),
      appeal,
      outcome: appeal && outcomes.find(({ appeal_id }) => appeal_id === appeal.id),
    };
  });
}

/** The newest verdict of a session, its newest release with what followed, and who decides an open appeal. */
export interface VerdictCase {
  readonly verdict: VerdictRow | undefined;
  readonly newest: ReleaseSteps | undefined;
  readonly officer: string | null;
}

export async function findVerdictCase(ex: Executor, session: string): Promise<VerdictCase> {
  const [verdict] = await listVerdicts(ex, session, 1);
  const [newest] = await listReleaseSteps(ex, session, 1);
  return { verdict, newest, officer: (await findVerdictState(ex, session))?.officer_id ?? null };
}

export async function findVerdictState(ex: Executor, session: string): Promise<VerdictStateRow | undefined> {
  return ex.selectFrom('verdict_states').selectAll().where('session_id', '=', session).executeTakeFirst();
}

/** Verdicts that students see, by session: of the newest release, or of the outcome that changed it. */
export async function listShownVerdicts(
  ex: Executor,
  sessions: readonly string[],
): Promise<ReadonlyMap<string, VerdictsTable['verdict']>> {
  if (sessions.length === 0) return new Map();
  const rows = await ex
    .selectFrom('verdict_states')
    .innerJoin('verdicts', 'verdicts.id', 'verdict_states.shown_verdict_id')
    .select(['verdict_states.session_id', 'verdicts.verdict'])
    .where('verdict_states.session_id', 'in', sessions)
    .execute();
  return new Map(rows.map(({ session_id, verdict }) => [session_id, verdict]));
}

export async function putVerdictState(tx: Tx, state: VerdictStateRow): Promise<void> {
  const { session_id: _, ...values } = state;
  await tx
    .insertInto('verdict_states')
    .values(state)
    .onConflict((conflict) => conflict.column('session_id').doUpdateSet(values))
    .execute();
}

export async function insertRelease(
  tx: Tx,
  release: Omit<Insertable<VerdictReleasesTable>, 'events'> & { readonly events: readonly string[] },
): Promise<void> {
  await tx
    .insertInto('verdict_releases')
    .values({ ...release, events: JSON.stringify(release.events) })
    .execute();
}

export async function insertAnswer(tx: Tx, answer: AnswerRow): Promise<void> {
  await tx.insertInto('verdict_answers').values(answer).execute();
}

export async function insertAppeal(tx: Tx, appeal: AppealRow): Promise<void> {
  await tx.insertInto('appeals').values(appeal).execute();
}

export async function insertOutcome(tx: Tx, outcome: OutcomeRow): Promise<void> {
  await tx.insertInto('appeal_outcomes').values(outcome).execute();
}

export interface InvolvedPerson {
  readonly id: string;
  /** As whom: gave a verdict, released one, decided an appeal, or terminated the session. */
  readonly role: 'judge' | 'releaser' | 'officer' | 'terminator';
}

/** Staff who have had a part in the decision about a session. */
export async function listInvolved(ex: Executor, session: string): Promise<InvolvedPerson[]> {
  const { rows } = await sql<InvolvedPerson>`
    SELECT DISTINCT by AS id, 'judge' AS role FROM verdicts WHERE session_id = ${session}::uuid
    UNION SELECT by, 'releaser' FROM verdict_releases WHERE session_id = ${session}::uuid
    UNION SELECT by, 'officer' FROM appeal_outcomes WHERE session_id = ${session}::uuid AND outcome <> 'withdrawn'
    UNION SELECT (details ->> 'by')::uuid, 'terminator' FROM events
      WHERE session_id = ${session}::uuid AND type = 'SESSION_TERMINATED' AND source = 'proctor' AND details ->> 'by' IS NOT NULL`.execute(
    ex,
  );
  return rows;
}
