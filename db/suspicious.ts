import { type RawBuilder, sql } from 'kysely';
import type { Level } from '../protocol/event-types.ts';
import type { Executor } from './executor.ts';
import { sessionSeenBy, type Viewer } from './visibility.ts';
import { afterPlace, type RankedPlace } from './ranked-place.ts';
import { among } from './session-filter.ts';
import type { NamedSessionRow } from './sessions.ts';

export type SuspiciousRow = NamedSessionRow & { exam_title: string };

/** Sessions of a level or above, by the session's own policy. Those above Low are not calm, and found by that index. */
const AT_LEAST: Record<Level, RawBuilder<boolean>> = {
  Low: sql`true`,
  Medium: sql`(NOT sessions.calm AND reviewed_score >= (sessions.policy #>> '{levels,medium}')::double precision)`,
  High: sql`(NOT sessions.calm AND reviewed_score >= (sessions.policy #>> '{levels,high}')::double precision)`,
};

interface SuspiciousFilter {
  readonly exam: string | undefined;
  /** Lowest level of the reviewed score. Undefined: Medium, or attention above calm. */
  readonly level: Level | undefined;
  /** Only those that they see as staff. */
  readonly seenBy?: Viewer | undefined;
  readonly after: RankedPlace | undefined;
  readonly limit: number;
}

/** Ended sessions, highest attention first, then newest. */
export async function listSuspicious(
  ex: Executor,
  { exam, level, seenBy, after, limit }: SuspiciousFilter,
): Promise<SuspiciousRow[]> {
  let query = suspects(ex)
    .where('sessions.status', '=', 'ended')
    .where(level === undefined ? sql<boolean>`NOT sessions.calm` : AT_LEAST[level])
    .orderBy('attention', 'desc')
    .orderBy('sessions.id', 'desc')
    .limit(limit);
  if (after) query = query.where(afterPlace('attention', after));
  if (seenBy) query = query.where(sessionSeenBy(seenBy));
  if (exam !== undefined) query = query.where('exam_id', '=', exam);
  return query.execute();
}

const suspects = (ex: Executor) =>
  ex
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.student_id')
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .selectAll('sessions')
    .select(['users.name as student_name', 'users.email as student_email', 'exams.title as exam_title']);

/** Rows of the list, in any order. */
export const suspiciousRows = async (ex: Executor, sessions: readonly string[]): Promise<SuspiciousRow[]> =>
  sessions.length === 0 ? [] : suspects(ex).where(among('sessions.id', sessions)).execute();
