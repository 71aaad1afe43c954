import { z } from 'zod';
import { Attention } from '../attention.ts';
import { LEVELS } from '../event-types.ts';
import { EndReason } from '../down.ts';
import { Id } from '../events.ts';
import { Room } from './enrolments.ts';
import { page, PageLimit } from './lists.ts';
import { ReviewState, ReviewWork } from './review-work.ts';
import { Verdict } from './reviews.ts';
import { Session } from './sessions.ts';
import { StoredTime } from './stored-time.ts';
import { text } from './text.ts';

const Flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const SESSION_ORDERS = ['newest', 'attention', 'score'] as const;

export const SessionQuery = z.object({
  exam: Id.optional(),
  student: Id.optional(),
  q: text(254).describe("Part of the student's name or address, case and accents aside.").optional(),
  room: Room.optional().describe('Upper and lower case alike.'),
  status: Session.shape.status.optional(),
  level: z.enum(LEVELS).optional().describe('Of the risk score.'),
  attention: Attention.shape.level.optional().describe('Level of the attention that is shown. Staff only.'),
  minAttention: z.coerce.number().min(0).max(100).optional().describe('Lowest attention that is shown. Staff only.'),
  endReason: EndReason.optional(),
  incident: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,63}$/)
    .optional()
    .describe('Type of an event that the session has and no review has dismissed.'),
  reviewed: Flag.optional().describe('Whether somebody has given a verdict.'),
  needsReview: Flag.optional().describe(
    'Whether the session ended without a verdict and is not calm, or is drawn for a look (`sampled`). Staff only.',
  ),
  reviewState: ReviewState.optional().describe('Staff only.'),
  reviewer: z
    .union([Id, z.literal('none')])
    .optional()
    .describe('Person to whom the session is given for review, or `none`. Staff only.'),
  from: StoredTime.optional().describe('Earliest start.'),
  to: StoredTime.optional().describe('Starts before this time.'),
  order: z
    .enum(SESSION_ORDERS)
    .default('newest')
    .describe('newest: latest start first; attention, score: highest attention or reviewed score first.'),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe(
      '`nextCursor` of the previous page, of the same order; of `attention` and `score` also of the same filter.',
    ),
  limit: PageLimit,
});

/** A session in a list, with its exam and newest verdict. */
export const ListedSession = Session.extend({
  examTitle: z.string(),
  verdict: Verdict.shape.verdict.nullable(),
  review: ReviewWork.optional().describe('For staff; absent for students.'),
}).meta({ id: 'ListedSession' });
export type ListedSession = z.infer<typeof ListedSession>;
export const ListedSessionPage = page(ListedSession);
