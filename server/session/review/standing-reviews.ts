import type { ReviewRow } from '../../../db/reviews.ts';

/** Fields of a review that undoing depends on. */
export type UndoneReview = Pick<ReviewRow, 'id' | 'event_id' | 'decision' | 'act_id' | 'undoes'>;

export const actOf = ({ id, act_id }: Pick<ReviewRow, 'id' | 'act_id'>): string => act_id ?? id;

/**
 * Pure: of each event, the reviews that no later act has undone.
 * @param reviews oldest first
 * @returns oldest first, by event
 */
export function standingReviews<R extends UndoneReview>(reviews: readonly R[]): Map<string, R[]> {
  const standing = new Map<string, R[]>();
  for (const review of reviews) {
    const before = standing.get(review.event_id) ?? [];
    const { undoes } = review;
    standing.set(
      review.event_id,
      undoes === null ? [...before, review] : before.filter((other) => actOf(other) !== undoes),
    );
  }
  return standing;
}
