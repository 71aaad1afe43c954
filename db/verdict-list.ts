import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import { newestFirst, type Stretch } from './newest-first.ts';
import type { VerdictStateRow } from './verdict-case.ts';
import type { VerdictsTable } from './schema/verdicts.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';

export interface ListedVerdictRow extends Pick<
  VerdictStateRow,
  'session_id' | 'state' | 'since' | 'due_at' | 'officer_id'
> {
  readonly exam_id: string;
  readonly exam_title: string;
  readonly student_id: string;
  readonly student_name: string;
  readonly student_email: string;
  readonly attempt: number;
  readonly verdict: VerdictsTable['verdict'];
  readonly judge_id: string;
  readonly judge_name: string;
  readonly judge_email: string;
  readonly officer_name: string | null;
  readonly officer_email: string | null;
  readonly answer_until: Date | null;
  readonly appeal_until: Date | null;
}

export interface VerdictListFilter {
  readonly state?: VerdictStateRow['state'] | undefined;
  /** Whether it is due before `now`. */
  readonly overdue?: boolean | undefined;
  readonly now: Date;
  readonly exam?: string | undefined;
  /** Person who decides the appeal, or `none` of open appeals without one. */
  readonly officer?: string | undefined;
  /** Author of the newest verdict. */
  readonly judge?: string | undefined;
  readonly seenBy: Viewer;
  /** Session of the last row of the previous page. */
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Sessions with a verdict and its state, newest session first. */
export async function listVerdictStates(
  ex: Executor,
  { state, overdue, now, exam, officer, judge, seenBy, cursor, limit }: VerdictListFilter,
): Promise<ListedVerdictRow[]> {
  const conditions = [
    state === undefined ? undefined : sql`state.state = ${state}`,
    overdue === undefined
      ? undefined
      : overdue
        ? sql`state.due_at <= ${now}`
        : sql`(state.due_at IS NULL OR state.due_at > ${now})`,
    exam === undefined ? undefined : sql`sessions.exam_id = ${exam}::uuid`,
    officer === undefined
      ? undefined
      : officer === 'none'
        ? sql`state.state = 'appealed' AND state.officer_id IS NULL`
        : sql`state.officer_id = ${officer}::uuid`,
    judge === undefined ? undefined : sql`verdicts.by = ${judge}::uuid`,
    sessionSeenBy(seenBy),
  ].filter((condition) => condition !== undefined);
  const read = async ({ below, downTo, limit: some }: Stretch) => {
    const range = [
      ...(below === undefined ? [] : [sql`state.session_id < ${below}::uuid`]),
      ...(downTo === undefined ? [] : [sql`state.session_id >= ${downTo}::uuid`]),
    ];
    const { rows } = await sql<ListedVerdictRow>`
      SELECT state.session_id, state.state, state.since, state.due_at, state.officer_id, sessions.exam_id, sessions.attempt,
        sessions.student_id, exams.title AS exam_title, student.name AS student_name, student.email AS student_email,
        verdicts.verdict, judge.id AS judge_id, judge.name AS judge_name, judge.email AS judge_email,
        officer.name AS officer_name, officer.email AS officer_email, release.answer_until, release.appeal_until
      FROM verdict_states AS state
      JOIN sessions ON sessions.id = state.session_id
      JOIN exams ON exams.id = sessions.exam_id
      JOIN users AS student ON student.id = sessions.student_id
      JOIN verdicts ON verdicts.id = state.verdict_id
      JOIN users AS judge ON judge.id = verdicts.by
      LEFT JOIN users AS officer ON officer.id = state.officer_id
      LEFT JOIN verdict_releases AS release ON release.id = state.release_id
      WHERE ${sql.join([...conditions, ...range], sql` AND `)}
      ORDER BY state.session_id DESC LIMIT ${some}`.execute(ex);
    return rows;
  };
  return newestFirst({ cursor, limit }, (below, places) => stateBelow(ex, { state, below, places }), read);
}

async function stateBelow(
  ex: Executor,
  {
    state,
    below,
    places,
  }: { readonly state: VerdictListFilter['state']; readonly below: string | undefined; readonly places: number },
): Promise<string | undefined> {
  let query = ex
    .selectFrom('verdict_states')
    .select('session_id')
    .orderBy('session_id', 'desc')
    .offset(places - 1)
    .limit(1);
  if (state !== undefined) query = query.where('state', '=', state);
  if (below !== undefined) query = query.where('session_id', '<', below);
  return (await query.executeTakeFirst())?.session_id;
}
