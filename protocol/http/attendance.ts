import { z } from 'zod';
import { EndReason } from '../down.ts';
import { Id, Timestamp } from '../events.ts';
import { page } from './lists.ts';

/** Students of an exam by what has become of them, from enrolments and each student's latest attempt. */

/** `missing`: enrolled, and never started. */
export const ATTENDANCE_STATES = ['missing', 'running', 'finished'] as const;
export const AttendanceState = z.enum(ATTENDANCE_STATES);
export type AttendanceState = z.infer<typeof AttendanceState>;

const Counts = z.object({
  expected: z.int().describe('Enrolled students, without those who were anonymised before they started.'),
  running: z.int(),
  checkedIn: z.int().describe('Of the running ones: no picture of their camera has arrived yet.'),
  finished: z.int(),
  missing: z.int(),
  /** Not enrolled, and started all the same: the exam was open to all, or the enrolment was removed. */
  unexpected: z.int(),
});

export const Attendance = z
  .object({
    total: Counts,
    /** Ordered by room; null: students without one, last. */
    rooms: z.array(Counts.extend({ room: z.string().nullable() })),
    /** All sessions, earlier attempts included. */
    sessions: z.int(),
  })
  .meta({ id: 'Attendance' });
export type Attendance = z.infer<typeof Attendance>;

export const Attendee = z
  .object({
    studentId: Id,
    studentName: z.string(),
    studentEmail: z.string(),
    studentNumber: z.string().nullable(),
    room: z.string().nullable(),
    seat: z.string().nullable().describe('Of the enrolment.'),
    enrolled: z.boolean(),
    extraMinutes: z.int(),
    state: AttendanceState,
    checkedIn: z.boolean().describe('Running, and no picture of the camera has arrived yet.'),
    anonymised: z
      .boolean()
      .optional()
      .describe(
        'The account cannot log in any more: never started, it is not counted as missing. Absent from older servers.',
      ),
    /** Latest attempt; null for missing students. */
    session: z
      .object({
        id: Id,
        attempt: z.int(),
        startedAt: Timestamp,
        deadline: Timestamp.nullable(),
        endedAt: Timestamp.nullable(),
        endReason: EndReason.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Attendee' });
export type Attendee = z.infer<typeof Attendee>;
export const AttendeePage = page(Attendee);
