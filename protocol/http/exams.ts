import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { Policy } from '../policy.ts';
import { page } from './lists.ts';
import { text } from './text.ts';

export const EXAM_STATUSES = ['draft', 'scheduled', 'active', 'completed', 'archived'] as const;
export const ExamStatus = z.enum(EXAM_STATUSES);
export type ExamStatus = z.infer<typeof ExamStatus>;

export const CreateExamBody = z
  .object({
    title: text(300),
    startsAt: Timestamp.nullish(),
    endsAt: Timestamp.nullish(),
    durationMinutes: z.int().min(1).max(24 * 60).nullish(),
    status: ExamStatus.default('draft'),
    policy: Policy.prefault({}),
  })
  .refine((exam) => !exam.startsAt || !exam.endsAt || Date.parse(exam.startsAt) < Date.parse(exam.endsAt), {
    path: ['endsAt'],
    message: 'must be after startsAt',
  });

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
    policy: PolicyAnswer,
    policyVersion: z.int(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Exam' });
export type Exam = z.infer<typeof Exam>;

export const ExamPage = page(Exam);
