import { sql } from 'kysely';
import type { Level } from '../protocol/event-types.ts';
import type { Executor } from './executor.ts';
import type { NamedSessionRow } from './sessions.ts';

export type SuspiciousRow = NamedSessionRow & { exam_title: string };

/** A place in the order: by reviewed score, then by id, both descending. */
export interface ScorePlace {
  readonly score: number;
  readonly id: string;
}

/** What a reviewed score must reach, by the session's own policy. */
const LEAST: Record<Level, ReturnType<typeof sql<number>>> = {
  Low: sql<number>`'-Infinity'::double precision`,
  Medium: sql<number>`(sessions.policy #>> '{levels,medium}')::double precision`,
  High: sql<number>`(sessions.policy #>> '{levels,high}')::double precision`,
};

/** Highest reviewed score first, then newest. */
export async function listSuspicious(
  ex: Executor,
  filter: { readonly exam: string | undefined; readonly level: Level; readonly after: ScorePlace | undefined; readonly limit: number },
): Promise<SuspiciousRow[]> {
  let query = ex
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .selectAll('sessions')
    .select(['users.name as student_name', 'exams.title as exam_title'])
    .where('reviewed_score', '>=', LEAST[filter.level])
    .orderBy('reviewed_score', 'desc')
    .orderBy('sessions.id', 'desc')
    .limit(filter.limit);
  if (filter.exam !== undefined) query = query.where('exam_id', '=', filter.exam);
  const { after } = filter;
  if (after) query = query.where((eb) => eb(eb.refTuple('reviewed_score', 'sessions.id'), '<', eb.tuple(after.score, after.id)));
  return query.execute();
}
