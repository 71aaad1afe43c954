import { z } from 'zod';
import { Accommodations, DetectionChanges } from '../accommodations.ts';
import { Id, Timestamp } from '../events.ts';
import { page, PathId } from './lists.ts';
import { EnrolmentProfile } from './profiles.ts';
import { BaseRevision, Revision } from './revisions.ts';
import { text } from './text.ts';

export const EnrolmentPath = PathId.extend({ userId: Id });

/** Room or group of a student in an exam, a filter for sessions. */
export const Room = text(60);

export const Seat = text(30);

/** The complete enrolment: omitted fields mean no accommodations and no room. */
export const EnrolmentBody = z.object({
  extraMinutes: Accommodations.shape.extraMinutes.default(0),
  detection: DetectionChanges.default({}),
  accommodationProfileId: Id.nullable()
    .default(null)
    .describe('Profile to which `extraMinutes` and `detection` are added.'),
  room: Room.nullable().default(null),
  seat: Seat.nullable().default(null),
  baseRevision: BaseRevision.unwrap()
    .nullable()
    .optional()
    .describe(
      '`revision` that was edited; null: the student is not enrolled yet. If that has changed meanwhile, nothing is saved (`changed_meanwhile`, `not_enrolled`). Left out, the last change wins.',
    ),
});
export type EnrolmentBody = z.output<typeof EnrolmentBody>;

export const Enrolment = Accommodations.extend({
  examId: Id,
  studentId: Id,
  studentName: z.string(),
  studentEmail: z.string(),
  studentNumber: z.string().nullable(),
  accommodationProfile: EnrolmentProfile.nullable(),
  room: z.string().nullable(),
  seat: z.string().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  revision: Revision,
}).meta({ id: 'Enrolment' });
export type Enrolment = z.infer<typeof Enrolment>;

export const EnrolmentPage = page(Enrolment);
