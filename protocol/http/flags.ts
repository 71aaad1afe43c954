import { z } from 'zod';
import { Timestamp } from '../events.ts';
import { FlagCategories, FlagCategory, FlagCode } from '../flag-categories.ts';
import { EventAnswer } from './sessions.ts';
import { longText } from './text.ts';

/** What staff saw: flags, and pictures that they keep. */

export const FlagBody = z
  .strictObject({
    category: FlagCode.describe("Code of one of the exam's categories."),
    note: longText(1000).optional().describe('For staff only.'),
    from: Timestamp.optional().describe('When it was, or began. Default: now.'),
    to: Timestamp.optional().describe('End of a stretch; with `from`.'),
    snapshot: z.boolean().default(false).describe('Keeps the next image that arrives; of a running session.'),
  })
  .refine(({ from, to }) => to === undefined || from !== undefined, { path: ['to'], message: 'requires `from`' })
  .refine(({ from, to }) => !from || !to || Date.parse(from) <= Date.parse(to), {
    path: ['to'],
    message: 'must not be before `from`',
  });
export type FlagBody = z.output<typeof FlagBody>;

/** The event that records it. */
export const Flagged = z.object({ event: EventAnswer }).meta({ id: 'Flagged' });

export const FlagCategoriesBody = z.strictObject({
  items: FlagCategories.nullable().describe('Null: the defaults of the server, also after they change.'),
});

export const FlagCategoriesAnswer = z
  .object({ items: z.array(FlagCategory), isDefault: z.boolean() })
  .meta({ id: 'FlagCategories' });
