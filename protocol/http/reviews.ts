import { z } from 'zod';
import { Attention } from '../attention.ts';
import { LEVELS } from '../event-types.ts';
import { Id, Timestamp } from '../events.ts';
import { MAX_GROUP } from '../review-bounds.ts';
import { page } from './lists.ts';
import { EventAnswer, Session } from './sessions.ts';
import { longText } from './text.ts';

/** Decisions of staff about events and sessions, and rescoring under another policy version. */

const Reason = longText(2000);

/** `email`: for staff only, to distinguish people of the same name. */
export const Person = z.object({ id: Id, name: z.string(), email: z.string().optional() }).meta({ id: 'Person' });

/** `reopened` withdraws the decision. */
export const ReviewBody = z.object({ decision: z.enum(['confirmed', 'dismissed', 'reopened']), reason: Reason });

export const Review = z
  .object({
    id: Id,
    eventId: Id,
    sessionId: Id,
    decision: ReviewBody.shape.decision,
    reason: z.string(),
    by: Person,
    at: Timestamp,
    act: Id.optional().describe('Act that the review is part of; its own id for a decision about one event.'),
    undoes: Id.nullable().optional().describe('Act that it undoes.'),
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof Review>;

export const ReviewPage = page(Review);

/** The decision, with the resulting event and session. */
export const ReviewAnswer = z.object({ review: Review, event: EventAnswer, session: Session });

const Seen = z.array(Id).max(MAX_GROUP).default([]);

/** Events by the decision that the caller saw on them: the act is refused if one has another by now. */
export const GroupReviewBody = z.object({
  decision: ReviewBody.shape.decision,
  reason: Reason,
  events: z
    .object({ undecided: Seen, confirmed: Seen, dismissed: Seen })
    .refine((seen) => {
      const ids = Object.values(seen).flat();
      return ids.length >= 1 && ids.length <= MAX_GROUP && new Set(ids).size === ids.length;
    }, `must name at least one event, at most ${MAX_GROUP}, and none twice`)
    .describe('By the decision that the caller saw; the act is refused if an event has another one by now.'),
});
export type GroupReviewBody = z.infer<typeof GroupReviewBody>;

/** The reviews of one act, with the resulting events and session. */
export const GroupReviewAnswer = z.object({
  act: Id,
  reviews: z.array(Review),
  events: z.array(EventAnswer),
  session: Session,
});

export const ReviewActPath = z.object({ id: Id, act: Id });

export const VerdictBody = z.object({ verdict: z.enum(['no_concern', 'concern', 'violation']), reason: Reason });

export const Verdict = z
  .object({ id: Id, sessionId: Id, verdict: VerdictBody.shape.verdict, reason: z.string(), by: Person, at: Timestamp })
  .meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof Verdict>;

export const RescoreBody = z.object({ policyVersion: z.int().min(1).max(2_147_483_647), reason: Reason.optional() });

export const Rescore = z
  .object({
    id: Id,
    sessionId: Id,
    policyVersion: z.int(),
    riskScore: z.number(),
    riskLevel: z.enum(LEVELS),
    /** Excluding events dismissed at the time. */
    reviewedScore: z.number(),
    reviewedLevel: z.enum(LEVELS),
    attention: Attention.nullable().describe('Excluding dismissed events; null in results of earlier versions.'),
    reason: z.string().nullable(),
    by: Person,
    at: Timestamp,
  })
  .meta({ id: 'Rescore' });
export type Rescore = z.infer<typeof Rescore>;
