import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { Id, Timestamp } from '../events.ts';
import { INCIDENTS, SIGNALS } from '../event-types.ts';
import { Policy } from '../policy.ts';
import { page, PageQuery } from './lists.ts';
import { text } from './text.ts';

export const EXAM_STATUSES = ['draft', 'scheduled', 'active', 'completed', 'archived'] as const;
export const ExamStatus = z.enum(EXAM_STATUSES);
export type ExamStatus = z.infer<typeof ExamStatus>;

/** Everybody who is logged in, or those who are enrolled. */
export const OpenTo = z.enum(['all', 'enrolled']);
export type OpenTo = z.infer<typeof OpenTo>;

export const ExamTitle = text(300);

const YEARS = [Date.UTC(1970), Date.UTC(3000)] as const;

/** Of a year that every database, and every sum with extra minutes, can hold. */
export const ExamTime = Timestamp.refine(
  (at) => Date.parse(at) >= YEARS[0] && Date.parse(at) < YEARS[1],
  'must be between the years 1970 and 2999',
);

const ExamTerms = z.object({
  title: ExamTitle,
  startsAt: ExamTime.nullish(),
  endsAt: ExamTime.nullish(),
  durationMinutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .nullish(),
});

const isWindow = ({ startsAt, endsAt }: { startsAt?: string | null | undefined; endsAt?: string | null | undefined }) =>
  !startsAt || !endsAt || Date.parse(startsAt) < Date.parse(endsAt);
const NO_WINDOW = { path: ['endsAt'], message: 'must be after startsAt' };

export const CreateExamBody = ExamTerms.extend({
  /** Where an exam begins; it is completed and archived later. */
  status: z.enum(['draft', 'scheduled', 'active']).default('draft'),
  /** Left out: as the server is set (`EXAMS_OPEN_TO`). */
  openTo: OpenTo.optional(),
  policy: Policy.prefault({}),
}).refine(isWindow, NO_WINDOW);
export type CreateExamBody = z.output<typeof CreateExamBody>;

/**
 * All of the exam but its status. How students are watched is not reset by leaving it out: without `policy` and
 * `openTo` those stay.
 */
export const ReplaceExamBody = ExamTerms.extend({ openTo: OpenTo.optional(), policy: Policy.optional() }).refine(
  isWindow,
  NO_WINDOW,
);
export type ReplaceExamBody = z.output<typeof ReplaceExamBody>;

export const ChangeExamStatusBody = z.object({
  status: ExamStatus,
  /** Ends the sessions that still run, which an exam that is not active cannot have. */
  endSessions: z.boolean().default(false),
});

export const ExamQuery = PageQuery.extend({ status: ExamStatus.optional() });

/** The policy of the wire, under its name in the OpenAPI document. */
const PolicyAnswer = Policy.meta({ id: 'Policy' });

export const Exam = z
  .object({
    id: Id,
    title: z.string(),
    startsAt: Timestamp.nullable(),
    endsAt: Timestamp.nullable(),
    durationMinutes: z.int().nullable(),
    status: ExamStatus,
    openTo: OpenTo,
    policy: PolicyAnswer,
    policyVersion: z.int(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Exam' });
export type Exam = z.infer<typeof Exam>;

export const ExamPage = page(Exam);

/** What a new exam is given where its author says nothing. */
export const ExamDefaults = z.object({ openTo: OpenTo, policy: PolicyAnswer }).meta({ id: 'ExamDefaults' });
export type ExamDefaults = z.infer<typeof ExamDefaults>;

/** One version of an exam's policy, as it was written. */
export const PolicyVersion = z
  .object({ version: z.int().min(1), policy: PolicyAnswer, createdBy: Id, createdAt: Timestamp })
  .meta({ id: 'PolicyVersion' });
export type PolicyVersion = z.infer<typeof PolicyVersion>;
export const PolicyVersionPage = page(PolicyVersion);

/** A version's number. */
export const PolicyVersionQuery = PageQuery.extend({
  cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
});

/** An exam as one student can sit it: their extra minutes are part of its end and of its duration. */
export const AvailableExam = z
  .object({
    id: Id,
    title: z.string(),
    status: ExamStatus,
    startsAt: Timestamp.nullable(),
    endsAt: Timestamp.nullable(),
    durationMinutes: z.int().nullable(),
    extraMinutes: z.int().min(0),
    canStart: z.boolean(),
    /** Why it cannot be started now: the problem that a start would answer. */
    reason: z.object({ code: z.enum(ERROR_CODES), detail: z.string() }).nullable(),
    /** The attempt that runs; it is continued, and no second one begun. */
    runningSessionId: Id.nullable(),
  })
  .meta({ id: 'AvailableExam' });
export type AvailableExam = z.infer<typeof AvailableExam>;
export const AvailableExamPage = page(AvailableExam);

/** What a student is told before they agree. Weights stay with those who read the scores. */
export const ExamDetails = AvailableExam.extend({
  /** Frames a second: what is sent at most, and what of it is looked at. */
  frames: z.object({ sendFps: z.number(), analyseFps: z.number() }),
  calibrationSeconds: z.number(),
  retentionDays: z.int(),
  /** How long pictures of incidents are kept, days; null: none is. */
  evidenceDays: z.int().nullable(),
  /** Whether the eyes are looked at, besides the head. */
  gaze: z.boolean(),
  /** What is noted of the pictures, once it lasts for so many seconds. */
  watchedFor: z.array(z.object({ type: z.enum(INCIDENTS), holdSeconds: z.number() })),
  /** What the browser reports. */
  signals: z.array(z.enum(SIGNALS)),
}).meta({ id: 'ExamDetails' });
export type ExamDetails = z.infer<typeof ExamDetails>;
