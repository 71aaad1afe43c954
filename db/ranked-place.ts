import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/**
 * Columns that order sessions, highest first. `attention` orders ended ones only. Each but `risk_score`, which orders those
 * of one student, has an index with the id.
 */
export type RankColumn = 'reviewed_score' | 'attention' | 'risk_score';

/** Place in the order of sessions by such a column, then id, both descending. */
export interface RankedPlace {
  readonly value: number;
  readonly id: string;
}

const rank = (by: RankColumn) => sql`(${sql.ref(`sessions.${by}`)}, sessions.id)`;

/** Sessions after a place, for statements over `sessions`. */
export const afterPlace = (by: RankColumn, { value, id }: RankedPlace) =>
  sql<boolean>`${rank(by)} < (${value}::double precision, ${id}::uuid)`;

/** Sessions before a place, and the one at it. */
const upToPlace = (by: RankColumn, { value, id }: RankedPlace) =>
  sql<boolean>`${rank(by)} >= (${value}::double precision, ${id}::uuid)`;

/** Place at a given distance after another; undefined: fewer sessions remain. */
async function placeAfter(
  ex: Executor,
  by: RankColumn,
  place: RankedPlace | undefined,
  sessions: number,
): Promise<RankedPlace | undefined> {
  let query = ex
    .selectFrom('sessions')
    .select([`${by} as value`, 'id'])
    .orderBy(by, 'desc')
    .orderBy('id', 'desc')
    .offset(sessions - 1)
    .limit(1);
  // In the words of the index.
  if (by === 'attention') query = query.where('status', '=', 'ended');
  if (place) query = query.where(afterPlace(by, place));
  return query.executeTakeFirst();
}

/** One range of the order. */
export interface RankedRange {
  readonly after: RankedPlace | undefined;
  /** Undefined: to the end. */
  readonly upTo: RankedPlace | undefined;
}

/** Sessions of a range, for statements over `sessions`. */
export const inRange = (by: RankColumn, { after, upTo }: RankedRange) =>
  sql<boolean>`${after ? afterPlace(by, after) : sql`true`} AND ${upTo ? upToPlace(by, upTo) : sql`true`}`;

/**
 * A page of sessions that are rare among many: scanned range by range, so that no statement reads the whole table.
 * @param lookedAt sessions scanned per statement
 */
export async function highestFirst<Row>(
  ex: Executor,
  {
    by,
    after,
    limit,
    lookedAt,
  }: {
    readonly by: RankColumn;
    readonly after: RankedPlace | undefined;
    readonly limit: number;
    readonly lookedAt: number;
  },
  read: (range: RankedRange & { readonly limit: number }) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let place = after; ;) {
    const last = await placeAfter(ex, by, place, lookedAt);
    found.push(...(await read({ after: place, upTo: last, limit: limit - found.length })));
    if (found.length >= limit || !last) return found;
    place = last;
  }
}
