import { sql } from 'kysely';
import { DEFAULT_ATTENTION_POLICY } from '../protocol/attention.ts';
import type { Level } from '../protocol/event-types.ts';
import type { Executor } from './executor.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';
import { highestFirst, inRange, type RankedPlace } from './ranked-place.ts';
import type { NamedSessionRow } from './sessions.ts';

export type SuspiciousRow = NamedSessionRow & { exam_title: string };

/** Threshold of the reviewed score, by the session's own policy. */
const LEAST_SCORE: Record<Level, ReturnType<typeof sql<number>>> = {
  Low: sql<number>`'-Infinity'::double precision`,
  Medium: sql<number>`(sessions.policy #>> '{levels,medium}')::double precision`,
  High: sql<number>`(sessions.policy #>> '{levels,high}')::double precision`,
};

export const MEDIUM_SCORE = LEAST_SCORE.Medium;

/** Threshold of attention, likewise; sessions may have started before their policy had one. */
export const WATCH = sql<number>`coalesce((sessions.policy #>> '{attention,watch}')::double precision, ${DEFAULT_ATTENTION_POLICY.watch})`;

/** Sessions scanned per statement: the threshold is part of each session's policy. */
const LOOKED_AT = 500;

interface SuspiciousFilter {
  readonly exam: string | undefined;
  /** Lowest level of the reviewed score. Undefined: Medium, or attention above calm. */
  readonly level: Level | undefined;
  /** Only those that they see as staff. */
  readonly seenBy?: Viewer | undefined;
  readonly after: RankedPlace | undefined;
  readonly limit: number;
}

/** Highest attention first, then newest. */
export async function listSuspicious(
  ex: Executor,
  { exam, level, seenBy, after, limit }: SuspiciousFilter,
): Promise<SuspiciousRow[]> {
  return highestFirst(ex, { by: 'attention', after, limit, lookedAt: LOOKED_AT }, ({ limit: some, ...range }) => {
    let query = ex
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.student_id')
      .innerJoin('exams', 'exams.id', 'sessions.exam_id')
      .selectAll('sessions')
      .select(['users.name as student_name', 'users.email as student_email', 'exams.title as exam_title'])
      .where((eb) => {
        const scored = eb('reviewed_score', '>=', LEAST_SCORE[level ?? 'Medium']);
        return level === undefined ? eb.or([scored, eb('attention', '>=', WATCH)]) : scored;
      })
      .where(inRange('attention', range))
      .orderBy('attention', 'desc')
      .orderBy('sessions.id', 'desc')
      .limit(some);
    if (seenBy) query = query.where(sessionSeenBy(seenBy));
    if (exam !== undefined) query = query.where('exam_id', '=', exam);
    return query.execute();
  });
}
