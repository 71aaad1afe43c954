import { z } from 'zod';
import { CHECK_IN_PICTURES, CHECK_IN_STATES } from '../check-in-bounds.ts';
import { Timestamp } from '../events.ts';

/** What an exam asks for before it can be started, and how far its student is. */

export const CheckInState = z.enum(CHECK_IN_STATES);
export const CheckInPictureKind = z.enum(CHECK_IN_PICTURES);

export const CheckInWants = z
  .object({
    photo: z.boolean(),
    document: z.boolean(),
    room: z.boolean(),
    keepDays: z.int().describe('Days after the last decision that photo and document are kept.'),
  })
  .meta({ id: 'CheckInWants' });
export type CheckInWants = z.infer<typeof CheckInWants>;

/** Check-in of an exam for one student. */
export const ExamCheckIn = z
  .object({
    state: CheckInState.nullable().describe('Of the open check-in; null: there is none.'),
    opensAt: Timestamp.nullable().describe('From when one can be opened; null: from when the exam is opened.'),
    canOpen: z.boolean().describe('Whether one can be opened now; false while one is open.'),
  })
  .meta({ id: 'ExamCheckIn' });
export type ExamCheckIn = z.infer<typeof ExamCheckIn>;
