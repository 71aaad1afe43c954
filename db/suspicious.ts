import { sql } from 'kysely';
import type { Level } from '../protocol/event-types.ts';
import type { Executor } from './executor.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';
import { highestFirst, inRange, type ScorePlace } from './score-place.ts';
import type { NamedSessionRow } from './sessions.ts';

export type SuspiciousRow = NamedSessionRow & { exam_title: string };

/** Threshold of the reviewed score, by the session's own policy. */
const LEAST: Record<Level, ReturnType<typeof sql<number>>> = {
  Low: sql<number>`'-Infinity'::double precision`,
  Medium: sql<number>`(sessions.policy #>> '{levels,medium}')::double precision`,
  High: sql<number>`(sessions.policy #>> '{levels,high}')::double precision`,
};

/** Sessions scanned per statement: the threshold is part of each session's policy. */
const LOOKED_AT = 500;

interface SuspiciousFilter {
  readonly exam: string | undefined;
  readonly level: Level;
  /** Only those that they see as staff. */
  readonly seenBy?: Viewer | undefined;
  readonly after: ScorePlace | undefined;
  readonly limit: number;
}

/** Highest reviewed score first, then newest. */
export async function listSuspicious(
  ex: Executor,
  { exam, level, seenBy, after, limit }: SuspiciousFilter,
): Promise<SuspiciousRow[]> {
  return highestFirst(ex, { after, limit, lookedAt: LOOKED_AT }, ({ limit: some, ...range }) => {
    let query = ex
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.student_id')
      .innerJoin('exams', 'exams.id', 'sessions.exam_id')
      .selectAll('sessions')
      .select(['users.name as student_name', 'users.email as student_email', 'exams.title as exam_title'])
      .where('reviewed_score', '>=', LEAST[level])
      .where(inRange(range))
      .orderBy('reviewed_score', 'desc')
      .orderBy('sessions.id', 'desc')
      .limit(some);
    if (seenBy) query = query.where(sessionSeenBy(seenBy));
    if (exam !== undefined) query = query.where('exam_id', '=', exam);
    return query.execute();
  });
}
