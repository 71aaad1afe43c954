import { z } from 'zod';
import { Id, Timestamp } from './events.ts';

/** Staff at work on a session. Never for its student. */

const Member = z.object({ id: Id, name: z.string() });
export type Member = z.infer<typeof Member>;

/** Names in a view, at most. */
export const MOST_VIEWERS = 20;

export const Team = z
  .object({
    session: Id,
    seen: z
      .object({ by: Member, at: Timestamp })
      .nullable()
      .describe('Who has seen the session last; null: nobody, or something new has happened since (rule P5).'),
    claim: z
      .object({ by: Member, at: Timestamp, from: Member.nullable().describe('Who handed it over; null: taken.') })
      .nullable()
      .describe('Who looks after the session; null: nobody in particular. It limits nobody.'),
    notes: z.int().min(0).describe('Number of internal notes.'),
    viewers: z.array(Member).max(MOST_VIEWERS).describe('Staff who have the session open now.'),
  })
  .meta({ id: 'Team' });
export type Team = z.infer<typeof Team>;
