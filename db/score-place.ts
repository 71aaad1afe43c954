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
const upToPlace = ({ score, id }: ScorePlace) =>
  sql<boolean>`(sessions.reviewed_score, sessions.id) >= (${score}::double precision, ${id}::uuid)`;

/** Place at a given distance after another; undefined: fewer sessions remain. */
async function placeAfter(
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

/** One range of the order. */
interface ScoreRange {
  readonly after: ScorePlace | undefined;
  /** Undefined: to the end. */
  readonly upTo: ScorePlace | undefined;
}

/** Sessions of a range, for statements over `sessions`. */
export const inRange = ({ after, upTo }: ScoreRange) =>
  sql<boolean>`${after ? afterPlace(after) : sql`true`} AND ${upTo ? upToPlace(upTo) : sql`true`}`;

/**
 * A page of sessions that are rare among many: scanned range by range, so that no statement reads the whole table.
 * @param lookedAt sessions scanned per statement
 */
export async function highestFirst<Row>(
  ex: Executor,
  {
    after,
    limit,
    lookedAt,
  }: { readonly after: ScorePlace | undefined; readonly limit: number; readonly lookedAt: number },
  read: (range: ScoreRange & { readonly limit: number }) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let place = after; ;) {
    const last = await placeAfter(ex, place, lookedAt);
    found.push(...(await read({ after: place, upTo: last, limit: limit - found.length })));
    if (found.length >= limit || !last) return found;
    place = last;
  }
}
