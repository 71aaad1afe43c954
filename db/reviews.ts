import type { Insertable, Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { ReviewsTable } from './schema/reviews.ts';

export type ReviewWrite = Insertable<ReviewsTable>;
export type ReviewRow = Selectable<ReviewsTable> & { by_name: string; by_email: string };

/** Inserts missing rows, and their sessions' state; the write can be repeated. */
export async function insertReviews(ex: Executor, reviews: readonly ReviewWrite[]): Promise<void> {
  await ex
    .insertInto('reviews')
    .values(reviews)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await ex
    .updateTable('sessions')
    .set({ review_state: 'begun' })
    .where('id', 'in', [...new Set(reviews.map(({ session_id }) => session_id))])
    .where('review_state', '=', 'none')
    .execute();
}

/** All reviews of the events of an act, oldest first. */
export async function listReviewsAround(ex: Executor, session: string, act: string): Promise<ReviewRow[]> {
  const ofAct = ex
    .selectFrom('reviews')
    .select('event_id')
    .where('session_id', '=', session)
    .where((eb) => eb.or([eb('act_id', '=', act), eb('id', '=', act)]));
  return ex
    .selectFrom('reviews')
    .innerJoin('users', 'users.id', 'reviews.by')
    .selectAll('reviews')
    .select(['users.name as by_name', 'users.email as by_email'])
    .where('session_id', '=', session)
    .where('event_id', 'in', ofAct)
    .orderBy('reviews.id')
    .execute();
}

/** Newest first, of an event or a whole session. */
export async function listReviews(
  ex: Executor,
  of: { readonly event: string } | { readonly session: string },
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<ReviewRow[]> {
  let query = ex
    .selectFrom('reviews')
    .innerJoin('users', 'users.id', 'reviews.by')
    .selectAll('reviews')
    .select(['users.name as by_name', 'users.email as by_email'])
    .orderBy('reviews.id', 'desc')
    .limit(page.limit);
  query = 'event' in of ? query.where('event_id', '=', of.event) : query.where('session_id', '=', of.session);
  if (page.cursor !== undefined) query = query.where('reviews.id', '<', page.cursor);
  return query.execute();
}
