import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';

export interface GivenWorkRow {
  readonly reviews: number;
  readonly appeals: number;
  readonly appeals_to_give: number;
}

/** Work that waits for a person, among the sessions that they see. @param gives whether they give appeals to others */
export async function countGivenWork(ex: Executor, viewer: Viewer, gives: boolean): Promise<GivenWorkRow> {
  const me = sql`${viewer.userId}::uuid`;
  const count = (source: RawBuilder<unknown>, condition: RawBuilder<unknown>) =>
    sql`(SELECT count(*)::integer FROM ${source} JOIN exams ON exams.id = sessions.exam_id
      WHERE ${condition} AND ${sessionSeenBy(viewer)})`;
  const given = sql`review_assignments AS given JOIN sessions ON sessions.id = given.session_id`;
  const state = sql`verdict_states AS state JOIN sessions ON sessions.id = state.session_id`;
  const { rows } = await sql<GivenWorkRow>`SELECT
    ${count(given, sql`given.reviewer_id = ${me} AND sessions.review_state <> 'done'`)} AS reviews,
    ${count(state, sql`state.officer_id = ${me}`)} AS appeals,
    ${gives ? count(state, sql`state.state = 'appealed' AND state.officer_id IS NULL`) : sql`0`} AS appeals_to_give`.execute(
    ex,
  );
  return rows[0]!;
}
