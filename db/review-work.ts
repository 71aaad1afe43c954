import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { SessionRow } from './sessions.ts';

/** State of the review of sessions, for statements over `sessions` and `exams`. */

/** Calm sessions that are drawn for a look. */
export const isSampled = sql<boolean>`(sessions.status = 'ended' AND sessions.calm
  AND sessions.review_draw < exams.review_sample_percent * 100)`;

/** Ended sessions without a verdict that are not calm or are drawn. */
export const needsReview = sql<boolean>`(sessions.status = 'ended' AND sessions.review_state <> 'done'
  AND (NOT sessions.calm OR ${isSampled}))`;

export interface ReviewPerson {
  readonly id: string;
  readonly name: string;
}

export type ReviewState = SessionRow['review_state'];

/** Author of the newest verdict, or else of the newest review; null: nobody has begun. */
export const reviewedBy = sql<ReviewPerson | null>`COALESCE(
  (SELECT json_build_object('id', by.id, 'name', by.name) FROM verdicts JOIN users AS by ON by.id = verdicts.by
    WHERE verdicts.session_id = sessions.id ORDER BY verdicts.id DESC LIMIT 1),
  (SELECT json_build_object('id', by.id, 'name', by.name) FROM reviews JOIN users AS by ON by.id = reviews.by
    WHERE reviews.session_id = sessions.id ORDER BY reviews.id DESC LIMIT 1))`;

/** Person to whom a session is given. */
export const reviewerOf = sql<ReviewPerson | null>`(
  SELECT json_build_object('id', given.id, 'name', given.name) FROM review_assignments
  JOIN users AS given ON given.id = review_assignments.reviewer_id WHERE review_assignments.session_id = sessions.id)`;

/** @param reviewer `none`: given to nobody */
export const isGivenTo = (reviewer: string): RawBuilder<boolean> =>
  reviewer === 'none'
    ? sql`NOT EXISTS (SELECT FROM review_assignments WHERE review_assignments.session_id = sessions.id)`
    : sql`EXISTS (SELECT FROM review_assignments
        WHERE review_assignments.session_id = sessions.id AND review_assignments.reviewer_id = ${reviewer}::uuid)`;

/** Gives sessions to a reviewer, or takes them back. @returns the sessions whose reviewer changed, with the one before */
export async function assignReviewer(
  ex: Executor,
  sessions: readonly string[],
  { reviewer, by, at }: { readonly reviewer: string | null; readonly by: string; readonly at: Date },
): Promise<{ readonly session_id: string; readonly before: string | null }[]> {
  const given = await ex
    .selectFrom('review_assignments')
    .select(['session_id', 'reviewer_id'])
    .where('session_id', 'in', sessions)
    .forUpdate()
    .execute();
  const before = new Map(given.map((row) => [row.session_id, row.reviewer_id]));
  const changed = sessions.filter((id) => (before.get(id) ?? null) !== reviewer);
  if (changed.length === 0) return [];
  if (reviewer === null) await ex.deleteFrom('review_assignments').where('session_id', 'in', changed).execute();
  else
    await ex
      .insertInto('review_assignments')
      .values(changed.map((session_id) => ({ session_id, reviewer_id: reviewer, assigned_by: by, created_at: at })))
      .onConflict((conflict) =>
        conflict.column('session_id').doUpdateSet((eb) => ({
          reviewer_id: eb.ref('excluded.reviewer_id'),
          assigned_by: eb.ref('excluded.assigned_by'),
          created_at: eb.ref('excluded.created_at'),
        })),
      )
      .execute();
  return changed.map((session_id) => ({ session_id, before: before.get(session_id) ?? null }));
}

export interface ReviewWorkRow {
  readonly sampled: boolean;
  readonly review_state: ReviewState;
  readonly reviewed_by: ReviewPerson | null;
  readonly reviewer: ReviewPerson | null;
}

/** State of the review of one session. */
export async function findReviewWork(ex: Executor, session: string): Promise<ReviewWorkRow | undefined> {
  return ex
    .selectFrom('sessions')
    .innerJoin('exams', 'exams.id', 'sessions.exam_id')
    .select([isSampled.as('sampled'), 'sessions.review_state', reviewedBy.as('reviewed_by'), reviewerOf.as('reviewer')])
    .where('sessions.id', '=', session)
    .executeTakeFirst();
}
