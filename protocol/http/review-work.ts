import { z } from 'zod';
import { Id } from '../events.ts';
import { MAX_GIVEN } from '../review-bounds.ts';
import { Person } from './reviews.ts';

/** Work of reviewers: which sessions are looked at, and by whom. */

/** `begun`: somebody has decided about an event; `done`: somebody has given a verdict. */
export const ReviewState = z.enum(['none', 'begun', 'done']);
export type ReviewState = z.infer<typeof ReviewState>;

export const ReviewWork = z
  .object({
    state: ReviewState,
    by: Person.nullable().describe('Author of the newest verdict, or else of the newest review.'),
    reviewer: Person.nullable().describe('Person to whom the session is given.'),
    sampled: z.boolean().describe('Whether the session is calm and drawn for a look.'),
  })
  .meta({ id: 'ReviewWork' });
export type ReviewWork = z.infer<typeof ReviewWork>;

export const ReviewAssignmentBody = z.object({
  sessions: z
    .array(Id)
    .min(1)
    .max(MAX_GIVEN)
    .refine((ids) => new Set(ids).size === ids.length, 'must not repeat a session'),
  reviewer: Id.nullable().describe('Null: take the sessions back.'),
});

export const GivenWork = z
  .object({
    reviews: z.int().describe('Sessions given to the caller for review that have no verdict.'),
    appeals: z.int().describe('Open appeals given to the caller.'),
    appealsToGive: z.int().describe('Open appeals given to nobody; 0 for callers who give none.'),
  })
  .meta({ id: 'GivenWork' });
export type GivenWork = z.infer<typeof GivenWork>;

/** `changed`: sessions that had another reviewer, or none. */
export const ReviewAssignmentAnswer = z.object({ changed: z.int() });
