import { z } from 'zod';
import { CHECK_IN_DECISIONS, CHECK_IN_PICTURES, CHECK_IN_PLACES } from '../check-in-bounds.ts';
import { Id, Timestamp } from '../events.ts';
import { CheckInPictureKind, CheckInState, CheckInWants } from './check-in-terms.ts';
import { Room } from './enrolments.ts';
import { AvailableExam } from './exams.ts';
import { FramePart } from './frames.ts';
import { MOST_VIEWERS } from '../team.ts';
import { page, PageLimit, PathId } from './lists.ts';
import { Person } from './reviews.ts';
import { longText } from './text.ts';

/** Check-in before an exam: pictures that people look at, a waiting room, and the decisions of staff. */

const CheckInDecisionName = z.enum(CHECK_IN_DECISIONS);

/** Number of a version of the check-in, raised by every change. */
const CheckInRevision = z.int().min(1).max(2_147_483_647);
const Reason = longText(2000);

export const CheckInPicture = z
  .object({
    id: Id,
    kind: CheckInPictureKind,
    at: Timestamp.describe('Arrival, server time.'),
    digest: z.string().describe('SHA-256 of the stored bytes, base64url; in the audit log from the submission on.'),
  })
  .meta({ id: 'CheckInPicture' });
export type CheckInPicture = z.infer<typeof CheckInPicture>;

export const CheckInDecision = z
  .object({
    id: Id,
    decision: CheckInDecisionName,
    reason: z.string().nullable(),
    retake: z.array(CheckInPictureKind).describe('Of a hold or a reopening: what the student is asked to take again.'),
    shown: z.array(CheckInPictureKind).describe('What there was when it was decided.'),
    missing: z.array(CheckInPictureKind).describe('What the policy asks for and was not there.'),
    by: Person.nullable().describe('For students null, unless the policy shows them names of staff.'),
    at: Timestamp,
  })
  .meta({ id: 'CheckInDecision' });
export type CheckInDecision = z.infer<typeof CheckInDecision>;

// --- Students ---

export const MyCheckInPicturePath = PathId.extend({ picture: Id });
export const CheckInPictureQuery = z.object({ kind: CheckInPictureKind });
export const CheckInPictureBody = z.object({ file: FramePart });

export const SubmitCheckInBody = z.strictObject({
  incomplete: z
    .boolean()
    .default(false)
    .describe('True: the student knows that something is missing. Otherwise `check_in_incomplete` names it.'),
});

/** The open check-in of a student at an exam. */
export const MyCheckIn = z
  .object({
    exam: AvailableExam.describe('With its times, accommodations, and whether it and the check-in can be begun now.'),
    required: z.boolean().describe('Whether the next start needs a check-in.'),
    wants: CheckInWants.nullable().describe('Of the open check-in, or of the policy; null: the policy asks for none.'),
    room: z.string().nullable().describe('Room of the enrolment.'),
    checkIn: z
      .object({
        id: Id,
        state: CheckInState,
        revision: CheckInRevision,
        openedAt: Timestamp,
        submittedAt: Timestamp.nullable().describe('In the waiting room since then; null: not in it.'),
        place: z
          .int()
          .min(1)
          .max(CHECK_IN_PLACES)
          .nullable()
          .describe(
            `Place among those who wait for the same room; ${CHECK_IN_PLACES} also stands for further ones. Null: not waiting.`,
          ),
        pictures: z.array(CheckInPicture).describe('Oldest first.'),
        missing: z.array(CheckInPictureKind),
        retake: z.array(CheckInPictureKind).describe('What staff ask to be taken again and has not been since.'),
        decision: CheckInDecision.nullable().describe('The newest.'),
      })
      .nullable()
      .describe('Null: none is open.'),
    serverTime: Timestamp,
  })
  .meta({ id: 'MyCheckIn' });
export type MyCheckIn = z.infer<typeof MyCheckIn>;

/** What a page that waits looks at every few seconds; it reads the rest again when the revision differs. */
export const MyCheckInState = z
  .object({
    id: Id.nullable().describe('Null: none is open.'),
    state: CheckInState.nullable(),
    revision: CheckInRevision.nullable(),
    place: z.int().min(1).max(CHECK_IN_PLACES).nullable(),
    serverTime: Timestamp,
  })
  .meta({ id: 'MyCheckInState' });
export type MyCheckInState = z.infer<typeof MyCheckInState>;

// --- Staff ---

export const CheckInPicturePath = PathId.extend({ picture: Id });

export const CheckInQuery = z.object({
  exam: Id.optional().describe('Without it, open check-ins of all exams; with it, also those that are over.'),
  state: CheckInState.optional(),
  room: Room.optional(),
  open: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('With `exam`; true: only check-ins that no session has used and nobody has withdrawn.'),
  /** `nextCursor` of the previous page. */
  cursor: z.string().max(200).optional(),
  limit: PageLimit,
});

const Accommodated = z
  .object({
    extraMinutes: z.int(),
    breakMinutes: z.int(),
    headCovering: z.boolean(),
    profile: z.string().nullable().describe('Name of the accommodation profile.'),
    note: z.string().nullable().describe('For proctors.'),
  })
  .meta({ id: 'CheckInAccommodations' });

export const CheckInListItem = z
  .object({
    id: Id,
    state: CheckInState,
    revision: CheckInRevision,
    exam: z.object({ id: Id, title: z.string() }),
    student: Person.extend({ studentNumber: z.string().nullable() }),
    room: z.string().nullable(),
    seat: z.string().nullable(),
    accommodations: Accommodated.nullable().describe('Null: none.'),
    openedAt: Timestamp,
    since: Timestamp.describe('Of the state: of `waiting`, when the student came into the waiting room.'),
    startUntil: Timestamp.nullable().describe('End of the time in which a first attempt can start; null: no limit.'),
    present: z
      .array(CheckInPictureKind)
      .describe('What there is while it is collected; after that, what was submitted.'),
    missing: z.array(CheckInPictureKind),
    decision: CheckInDecision.nullable().describe('The newest.'),
    sessionId: Id.nullable().describe('Session that it was used for.'),
    erasedAt: Timestamp.nullable().describe('When its pictures were erased; those of the room may still be there.'),
    viewers: z
      .array(z.object({ id: Id, name: z.string() }))
      .max(MOST_VIEWERS)
      .describe('Other staff who have it open now, or had within 15 s.'),
  })
  .meta({ id: 'CheckInListItem' });
export type CheckInListItem = z.infer<typeof CheckInListItem>;

/** Longest in their state first for `waiting` and `held`, newest first otherwise. */
export const CheckInListPage = page(CheckInListItem);

export const CheckIn = CheckInListItem.extend({
  wants: CheckInWants,
  pictures: z.array(CheckInPicture).describe('Submitted ones that were not erased, oldest first.'),
  decisions: z.array(CheckInDecision).describe('Newest first, at most 200.'),
  mayDecide: z.boolean().describe('Whether the role of the caller decides.'),
}).meta({ id: 'CheckIn' });
export type CheckIn = z.infer<typeof CheckIn>;

export const CheckInDecisionBody = z
  .strictObject({
    decision: CheckInDecisionName,
    revision: CheckInRevision.describe('The one that the caller saw; `check_in_changed` if there is a newer one.'),
    reason: Reason.optional().describe(
      'Read by the student. Required to hold, refuse and reopen, and to admit although something is missing.',
    ),
    retake: z
      .array(CheckInPictureKind)
      .max(CHECK_IN_PICTURES.length)
      .refine((kinds) => new Set(kinds).size === kinds.length, 'must not repeat a kind')
      .default([])
      .describe('Of a hold or a reopening: what the student is asked to take again.'),
  })
  .superRefine(({ decision, reason, retake }, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (decision !== 'admit' && reason === undefined) fault('reason', `is required to ${decision}`);
    if (retake.length > 0 && decision !== 'hold' && decision !== 'reopen')
      fault('retake', `does not belong to ${decision}`);
  });
export type CheckInDecisionBody = z.output<typeof CheckInDecisionBody>;

/** Students who wait, by exam, of the exams and rooms that the caller sees. */
export const CheckInsWaiting = z
  .object({
    waiting: z.int().describe('Of all exams.'),
    items: z
      .array(
        z.object({
          exam: z.object({ id: Id, title: z.string() }),
          waiting: z.int(),
          since: Timestamp.describe('When the first of them came.'),
        }),
      )
      .describe('Longest waiting first, at most 200 exams.'),
  })
  .meta({ id: 'CheckInsWaiting' });
export type CheckInsWaiting = z.infer<typeof CheckInsWaiting>;

// --- Records ---

/** Check-in of a session, for its record. */
export const CheckInRecord = z
  .object({
    id: Id,
    openedAt: Timestamp,
    usedAt: Timestamp,
    wants: CheckInWants,
    decisions: z.array(CheckInDecision).describe('Oldest first, at most 200; the last one admitted the student.'),
    pictures: z.array(CheckInPicture).describe('Submitted ones that are still there, for staff; empty for students.'),
    erasedAt: Timestamp.nullable(),
  })
  .meta({ id: 'CheckInRecord' });
export type CheckInRecord = z.infer<typeof CheckInRecord>;
