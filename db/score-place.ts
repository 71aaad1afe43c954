import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Place in the order of sessions by reviewed score, then id, both descending. */
export interface ScorePlace {
  readonly score: number;
  readonly id: string;
}

/** Sessions after a place, for statements over `sessions`. */
export const afterPlace = ({ score, id }: ScorePlace) =>
  sql<boolean>`(sessions.reviewed_score, sessions.id) < (${score}::double precision, ${id}::uuid)`;

/** Sessions before a place, and the one at it. */
export const upToPlace = ({ score, id }: ScorePlace) =>
  sql<boolean>`(sessions.reviewed_score, sessions.id) >= (${score}::double precision, ${id}::uuid)`;

/** Place at a given distance after another; undefined: fewer sessions remain. */
export async function placeAfter(
  ex: Executor,
  place: ScorePlace | undefined,
  sessions: number,
): Promise<ScorePlace | undefined> {
  let query = ex
    .selectFrom('sessions')
    .select(['reviewed_score as score', 'id'])
    .orderBy('reviewed_score', 'desc')
    .orderBy('id', 'desc')
    .offset(sessions - 1)
    .limit(1);
  if (place) query = query.where(afterPlace(place));
  return query.executeTakeFirst();
}
