import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';
import { Person } from './reviews.ts';
import { longText } from './text.ts';

/** Acts of staff who share the sessions of an exam. */

export const SeenBody = z.strictObject({
  attention: z
    .number()
    .min(0)
    .max(100)
    .describe('Attention value that the person saw: more than that is something new.'),
});

export const ClaimBody = z.strictObject({
  to: Id.nullable().describe('Who looks after the session from now on: the caller, or a colleague. Null: nobody.'),
  holder: Id.nullable().describe(
    'Who looks after it as the caller knows; null: nobody. If somebody else does by now, nothing changes (`claim_changed`).',
  ),
});

export const NoteBody = z.strictObject({ text: longText(2000) });

export const SessionNote = z
  .object({ id: Id, sessionId: Id, text: z.string(), by: Person, at: Timestamp })
  .meta({ id: 'SessionNote' });
export type SessionNote = z.infer<typeof SessionNote>;

export const SessionNotePage = page(SessionNote);

/** Maximum number of colleagues in the list. */
export const MOST_COLLEAGUES = 200;

/** By name, at most 200. */
export const Colleagues = z.object({ items: z.array(Person) });
