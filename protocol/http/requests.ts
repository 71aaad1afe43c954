import { z } from 'zod';
import { Id } from '../events.ts';
import { DIRECTIONS, FACE_CHECK_OUTCOMES } from '../request-kinds.ts';
import { EventAnswer } from './sessions.ts';
import { longText } from './text.ts';

/** Requests of staff to the student of a running session, and face checks. */

export const HeadTurnBody = z.strictObject({
  direction: z.enum(DIRECTIONS).optional().describe("The student's. Default: drawn by the server."),
});

export const RoomLookBody = z.strictObject({
  reason: longText(500).optional().describe('Shown in the record, with the name of its author.'),
});

/** The event that records it; it lasts until its outcome. */
export const RequestMade = z.object({ event: EventAnswer }).meta({ id: 'RequestMade' });

export const FaceCheckOutcome = z.enum(FACE_CHECK_OUTCOMES);
export type FaceCheckOutcome = z.infer<typeof FaceCheckOutcome>;

export const FaceCheckBegun = z
  .object({
    event: EventAnswer.describe('Its picture `present` is the next frame that arrives.'),
    startEvent: Id.describe('Event with the picture of the start.'),
  })
  .meta({ id: 'FaceCheckBegun' });

export const FaceCheckBody = z.strictObject({
  outcome: FaceCheckOutcome,
  note: longText(1000).optional().describe('Part of the record, which the student can read.'),
});
