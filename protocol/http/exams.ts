import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { Id, Timestamp } from '../events.ts';
import { INCIDENTS, SIGNALS } from '../event-types.ts';
import { Policy, StudentView } from '../policy.ts';
import { isZoneName } from '../zone-names.ts';
import { StoredTime } from './stored-time.ts';
import { CheckInWants, ExamCheckIn } from './check-in-terms.ts';
import { page, PageQuery } from './lists.ts';
import { OrganisationId } from './organisations.ts';
import { ExamPolicyProfile } from './profiles.ts';
import { ReadmissionKind } from './readmissions.ts';
import { BaseRevision, Revision } from './revisions.ts';
import { text } from './text.ts';

export const EXAM_STATUSES = ['draft', 'scheduled', 'active', 'completed', 'archived'] as const;
export const ExamStatus = z.enum(EXAM_STATUSES);
export type ExamStatus = z.infer<typeof ExamStatus>;

/** Open to every logged-in user, or to enrolled students. */
export const OpenTo = z.enum(['all', 'enrolled']);
export type OpenTo = z.infer<typeof OpenTo>;

/** Proctors and reviewers of the exam: those assigned to it, or all of its organisation. */
export const StaffAccess = z.enum(['assigned', 'all']);
export type StaffAccess = z.infer<typeof StaffAccess>;

export const ExamTitle = text(300);

/** IANA name of the zone in which an exam's times are shown; the times themselves are instants. */
export const TimeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isZoneName, 'must be the name of a time zone, such as Europe/Berlin');

const ExamTerms = z.object({
  title: ExamTitle,
  startsAt: StoredTime.nullish(),
  endsAt: StoredTime.nullish(),
  durationMinutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .nullish(),
  lateStartMinutes: z
    .int()
    // Of nothing, nobody could start: the exam opens within seconds of its start, not at it.
    .min(1)
    .max(7 * 24 * 60)
    .nullish()
    .describe('Minutes after `startsAt` in which a first attempt can start; null: until `endsAt`.'),
  timeZone: TimeZone.optional().describe('IANA name of the zone in which times are shown.'),
});

const MaxAttempts = z
  .int()
  .min(1)
  .max(1000)
  .nullable()
  .describe('Attempts per student, running and ended; null: no limit.');

const ReviewSamplePercent = z
  .int()
  .min(0)
  .max(100)
  .describe('Per cent of calm sessions that are drawn for a look by a reviewer.');

const ONE_POLICY = { path: ['policyProfileId'], message: 'must not be given together with policy' };
const isOnePolicy = ({ policy, policyProfileId }: { policy?: unknown; policyProfileId?: string | null | undefined }) =>
  policy === undefined || !policyProfileId;

const isWindow = ({ startsAt, endsAt }: { startsAt?: string | null | undefined; endsAt?: string | null | undefined }) =>
  !startsAt || !endsAt || Date.parse(startsAt) < Date.parse(endsAt);
const NO_WINDOW = { path: ['endsAt'], message: 'must be after startsAt' };

/** A scheduled exam opens at its start. */
export const NO_START = 'is required: a scheduled exam opens at its start';

export const CreateExamBody = ExamTerms.extend({
  /** Initial status; an exam is completed and archived later. */
  status: z.enum(['draft', 'scheduled', 'active']).default('draft'),
  /** Default: the setting `EXAMS_OPEN_TO`. */
  openTo: OpenTo.optional(),
  staffAccess: StaffAccess.default('assigned'),
  organisationId: OrganisationId.optional(),
  maxAttempts: MaxAttempts.default(1),
  reviewSamplePercent: ReviewSamplePercent.default(0),
  policy: Policy.optional().describe('Default: that of the profile, or every default.'),
  policyProfileId: Id.optional().describe('Profile whose current version is copied.'),
  policyProfileVersion: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .describe('Another version of the profile, such as that of an exam that is cloned.'),
})
  .refine(({ policyProfileId, policyProfileVersion }) => policyProfileVersion === undefined || policyProfileId, {
    path: ['policyProfileVersion'],
    message: 'must not be given without policyProfileId',
  })
  .refine(({ status, startsAt }) => status !== 'scheduled' || startsAt, { path: ['startsAt'], message: NO_START })
  .refine(isWindow, NO_WINDOW)
  .refine(isOnePolicy, ONE_POLICY);
export type CreateExamBody = z.output<typeof CreateExamBody>;

/**
 * The complete exam except its status. Omitted `lateStartMinutes`, `timeZone`, `maxAttempts`, `policy`, `openTo`,
 * `staffAccess` and `reviewSamplePercent` stay as they are and are not reset. A changed `policy` is no longer that of a profile.
 */
export const ReplaceExamBody = ExamTerms.extend({
  openTo: OpenTo.optional(),
  staffAccess: StaffAccess.optional(),
  maxAttempts: MaxAttempts.optional(),
  reviewSamplePercent: ReviewSamplePercent.optional(),
  policy: Policy.optional(),
  policyProfileId: Id.nullable()
    .optional()
    .describe('Profile whose current version is copied; null: keep the policy and leave the profile.'),
  baseRevision: BaseRevision,
})
  .refine(isWindow, NO_WINDOW)
  .refine(isOnePolicy, ONE_POLICY);
export type ReplaceExamBody = z.output<typeof ReplaceExamBody>;

/** Takes over the current version of a profile. */
export const ExamPolicyProfileBody = z.object({ policyProfileId: Id, baseRevision: BaseRevision });
export type ExamPolicyProfileBody = z.output<typeof ExamPolicyProfileBody>;

export const ChangeExamStatusBody = z.object({
  status: ExamStatus,
  /** Ends running sessions, which only an active exam can have. */
  endSessions: z.boolean().default(false),
});

/** Exams by their times: those of this day, later, drafts that have no times yet, earlier, and those that were archived. */
export const EXAM_PERIODS = ['today', 'coming', 'drafts', 'past', 'archived'] as const;
export type ExamPeriod = (typeof EXAM_PERIODS)[number];

export const ExamQuery = PageQuery.extend({
  status: ExamStatus.optional(),
  q: text(300).describe('Part of the title, case and accents aside.').optional(),
  when: z
    .enum(EXAM_PERIODS)
    .optional()
    .describe(
      'today: open, or with times on this day; coming: later, or scheduled without times; drafts: drafts without a start; past: completed or over; archived.',
    ),
  timeZone: TimeZone.default('UTC').describe('Zone of the day that `when` is about.'),
});

/** Policy, under its name in the OpenAPI document. */
const PolicyAnswer = Policy.meta({ id: 'Policy' });

export const Exam = z
  .object({
    id: Id,
    title: z.string(),
    startsAt: Timestamp.nullable(),
    endsAt: Timestamp.nullable(),
    durationMinutes: z.int().nullable(),
    lateStartMinutes: z.int().nullable(),
    timeZone: z.string(),
    maxAttempts: z.int().nullable(),
    status: ExamStatus,
    openTo: OpenTo,
    staffAccess: StaffAccess,
    reviewSamplePercent: z.int().optional().describe('Absent from older servers.'),
    organisationId: Id,
    policy: PolicyAnswer,
    policyVersion: z.int(),
    /** Profile that the policy is a copy of; null: none. */
    policyProfile: ExamPolicyProfile.nullable(),
    createdAt: Timestamp,
    revision: Revision.optional(),
  })
  .meta({ id: 'Exam' });
export type Exam = z.infer<typeof Exam>;

export const ExamPage = page(Exam);

/** Defaults of a new exam. */
export const ExamDefaults = z
  .object({ openTo: OpenTo, timeZone: z.string(), maxAttempts: z.int().nullable(), policy: PolicyAnswer })
  .meta({ id: 'ExamDefaults' });
export type ExamDefaults = z.infer<typeof ExamDefaults>;

/** One version of the policy of an exam, as written. */
export const PolicyVersion = z
  .object({ version: z.int().min(1), policy: PolicyAnswer, createdBy: Id, createdAt: Timestamp })
  .meta({ id: 'PolicyVersion' });
export type PolicyVersion = z.infer<typeof PolicyVersion>;
export const PolicyVersionPage = page(PolicyVersion);

/** Policy version number. */
export const PolicyVersionQuery = PageQuery.extend({
  cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
});

/** An exam as available to one student; end and duration include their extra minutes. */
export const AvailableExam = z
  .object({
    id: Id,
    title: z.string(),
    status: ExamStatus,
    openTo: OpenTo,
    startsAt: Timestamp.nullable(),
    endsAt: Timestamp.nullable(),
    durationMinutes: z.int().nullable(),
    /** Of the enrolment and of its accommodation profile. */
    extraMinutes: z.int().min(0),
    /** Minutes of breaks, in total. */
    breakMinutes: z.int().min(0),
    /** True if any accommodation applies, extra time included. */
    accommodated: z.boolean(),
    /** End of the time in which a first attempt can start; null: `endsAt`. */
    lateStartUntil: Timestamp.nullable(),
    timeZone: z.string(),
    maxAttempts: z.int().nullable(),
    /** Attempts so far, running and ended. */
    attempts: z.int().min(0),
    /** Readmission that the next start uses. */
    readmission: z.object({ kind: ReadmissionKind }).nullable(),
    canStart: z.boolean(),
    /** Reason why it cannot be started now: the error code a start would return. */
    reason: z.object({ code: z.enum(ERROR_CODES), detail: z.string() }).nullable(),
    /** Running attempt, which a start would continue. */
    runningSessionId: Id.nullable(),
    checkIn: ExamCheckIn.nullable().optional().describe('Null: the next start needs none. Absent from older servers.'),
  })
  .meta({ id: 'AvailableExam' });
export type AvailableExam = z.infer<typeof AvailableExam>;
export const AvailableExamPage = page(AvailableExam);
export const AvailableQuery = PageQuery.extend({
  missed: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Closed exams instead, which the caller never started.'),
});

/** Information for a student before consent. Weights are visible to staff only. */
export const ExamDetails = AvailableExam.extend({
  /** Frames per second: maximum sent, and analysed. */
  frames: z.object({ sendFps: z.number(), analyseFps: z.number() }),
  calibrationSeconds: z.number(),
  /** Parts of the record shown to the student during the exam. */
  studentView: StudentView,
  retentionDays: z.int(),
  /** Days that incident pictures are kept; null if none are. */
  evidenceDays: z.int().nullable(),
  /** True if gaze is analysed in addition to head pose. */
  gaze: z.boolean(),
  challenges: z
    .object({ perHour: z.number(), seconds: z.int() })
    .nullable()
    .describe('Head turns that the student is asked for, on average at random times and by proctors; null: none.'),
  checkInWants: CheckInWants.nullable()
    .optional()
    .describe('What the student shows to staff before the start; null: nothing. Absent from older servers.'),
  startPicture: z.boolean().describe('True if a picture of the student is kept for face checks by people.'),
  /** Incidents detected in pictures, with their hold in seconds. */
  watchedFor: z.array(z.object({ type: z.enum(INCIDENTS), holdSeconds: z.number() })),
  /** Signals reported by the browser. */
  signals: z.array(z.enum(SIGNALS)),
}).meta({ id: 'ExamDetails' });
export type ExamDetails = z.infer<typeof ExamDetails>;

/** Rows that are deleted with an exam. */
export const ExamContents = z
  .object({
    enrolments: z.int(),
    assignments: z.int(),
    policyVersions: z.int(),
    sessions: z.int(),
    events: z.int(),
    checkIns: z.int().optional().describe('Absent from older servers.'),
    pictures: z.int().describe('Stored pictures of incidents and check-ins.'),
    verdicts: z.int(),
  })
  .meta({ id: 'ExamContents' });
export type ExamContents = z.infer<typeof ExamContents>;
