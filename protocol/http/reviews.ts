import { z } from 'zod';
import { Attention } from '../attention.ts';
import { LEVELS } from '../event-types.ts';
import { Id, Timestamp } from '../events.ts';
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
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof Review>;

export const ReviewPage = page(Review);

/** The decision, with the resulting event and session. */
export const ReviewAnswer = z.object({ review: Review, event: EventAnswer, session: Session });

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
