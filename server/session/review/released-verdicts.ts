import type { Executor } from '../../../db/executor.ts';
import { listReleaseSteps, type ReleaseSteps } from '../../../db/verdict-case.ts';
import { findVerdicts, type VerdictRow } from '../../../db/verdicts.ts';

/** Releases of one session in one response. */
const MOST = 200;

/** Releases of a session, newest first. */
export const listReleases = (ex: Executor, session: string): Promise<ReleaseSteps[]> =>
  listReleaseSteps(ex, session, MOST);

/** Finds the verdicts that releases and their outcomes name. */
export async function verdictsOf(ex: Executor, all: readonly ReleaseSteps[]): Promise<(id: string) => VerdictRow> {
  const verdicts = await findVerdicts(
    ex,
    all.flatMap(({ release, outcome }) => [release.verdict_id, ...(outcome?.verdict_id ? [outcome.verdict_id] : [])]),
  );
  return (id) => verdicts.find((row) => row.id === id)!;
}
