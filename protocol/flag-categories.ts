import { z } from 'zod';
import { line } from './text.ts';

/** Irregularities that staff can flag in an exam. */

const Code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,31}$/, 'must be 1 to 32 capital letters, digits or _, beginning with a letter')
  .describe('Stable name, for programs and reports.');
export const FlagCode = Code;

export const FlagCategory = z
  .strictObject({
    code: Code,
    label: line(80).describe('As staff read it.'),
    weight: z
      .number()
      .min(0)
      .max(20)
      .describe('Points in the reviewed score; severity follows: from 4 high, from 2 medium, above 0 low.'),
  })
  .meta({ id: 'FlagCategory' });
export type FlagCategory = z.infer<typeof FlagCategory>;

export const MOST_FLAG_CATEGORIES = 30;

export const FlagCategories = z
  .array(FlagCategory)
  .min(1)
  .max(MOST_FLAG_CATEGORIES)
  .refine((all) => new Set(all.map(({ code }) => code)).size === all.length, 'must not repeat a code');

/** Of exams whose author named none. */
export const DEFAULT_FLAG_CATEGORIES: readonly FlagCategory[] = [
  { code: 'PHONE', label: 'Phone or other device', weight: 6 },
  { code: 'HELP', label: 'Help from another person', weight: 6 },
  { code: 'IDENTITY', label: 'Somebody else sits the exam', weight: 6 },
  { code: 'MATERIALS', label: 'Materials that are not allowed', weight: 4 },
  { code: 'TALKING', label: 'Talking', weight: 3 },
  { code: 'CAMERA', label: 'Camera turned away or covered on purpose', weight: 3 },
  { code: 'LEFT_SEAT', label: 'Left the seat', weight: 2 },
  { code: 'OTHER', label: 'Other', weight: 1 },
];
