import { z } from 'zod';
import { Accommodations, DetectionChanges } from '../accommodations.ts';
import { Id, Timestamp } from '../events.ts';
import { page, PathId } from './lists.ts';

export const EnrolmentPath = PathId.extend({ userId: Id });

/** The whole enrolment: what is left out is not accommodated. */
export const EnrolmentBody = z.object({
  extraMinutes: Accommodations.shape.extraMinutes.default(0),
  detection: DetectionChanges.default({}),
});
export type EnrolmentBody = z.output<typeof EnrolmentBody>;

export const Enrolment = Accommodations.extend({
  examId: Id,
  studentId: Id,
  studentName: z.string(),
  studentEmail: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
}).meta({ id: 'Enrolment' });
export type Enrolment = z.infer<typeof Enrolment>;

export const EnrolmentPage = page(Enrolment);
