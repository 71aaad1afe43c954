import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { Id, Timestamp } from '../events.ts';
import { MAX_DECIDING, MAX_STATEMENT } from '../review-bounds.ts';
import { VERDICT_STATES } from '../verdict-states.ts';
import { EvidenceKind } from './evidence.ts';
import { page, PageLimit } from './lists.ts';
import { Person, Verdict, VerdictBody } from './reviews.ts';
import { longText } from './text.ts';

/** Steps after a verdict: its release to the student, their answer and appeal, and the outcome. */

const VerdictState = z.enum(VERDICT_STATES);

export const ReleaseBody = z.object({
  verdict: Id.describe('The verdict that the caller saw; refused with `newer_verdict` if it is not the newest.'),
  events: z
    .array(Id)
    .max(MAX_DECIDING)
    .refine((ids) => new Set(ids).size === ids.length, 'must not repeat an event')
    .describe('Events that decided it, none of them dismissed. The student sees their pictures if the policy says so.'),
});

const Statement = z.object({ text: z.string(), at: Timestamp });
export const StatementBody = z.object({ text: longText(MAX_STATEMENT) });

export const APPEAL_OUTCOMES = ['upheld', 'changed', 'withdrawn'] as const;
export const AppealOutcome = z
  .object({
    id: Id,
    outcome: z.enum(APPEAL_OUTCOMES).describe('upheld: the verdict stays; withdrawn: by the student.'),
    verdict: Verdict.nullable().describe('New verdict of a changed one.'),
    reason: z.string().nullable(),
    by: Person,
    at: Timestamp,
  })
  .meta({ id: 'AppealOutcome' });
export type AppealOutcome = z.infer<typeof AppealOutcome>;

export const OutcomeBody = z
  .object({
    outcome: z.enum(['upheld', 'changed']),
    verdict: VerdictBody.shape.verdict.optional().describe('Required if changed; another one than that of the appeal.'),
    reason: VerdictBody.shape.reason,
  })
  .refine(({ outcome, verdict }) => (outcome === 'changed') === (verdict !== undefined), {
    path: ['verdict'],
    message: 'is required if the outcome is changed, and only then',
  });
export type OutcomeBody = z.infer<typeof OutcomeBody>;

export const OfficerBody = z.object({ officer: Id.nullable().describe('Null: take the appeal back.') });

export const Appeal = Statement.extend({
  id: Id,
  officer: Person.nullable().describe('Person who decides an open appeal.'),
  outcome: AppealOutcome.nullable(),
}).meta({ id: 'Appeal' });
export type Appeal = z.infer<typeof Appeal>;

export const Release = z
  .object({
    id: Id,
    verdict: Verdict,
    events: z.array(Id),
    by: Person,
    at: Timestamp,
    answerUntil: Timestamp.nullable().describe('Null: the policy gives no time for an answer.'),
    appealUntil: Timestamp.nullable(),
    answer: Statement.nullable(),
    appeal: Appeal.nullable(),
  })
  .meta({ id: 'Release' });
export type Release = z.infer<typeof Release>;

const Refusal = z.enum(ERROR_CODES).nullable();

/** Of one session, for staff. */
export const VerdictSteps = z
  .object({
    state: VerdictState.nullable().describe('Null: there is no verdict.'),
    verdict: Verdict.nullable().describe('The newest.'),
    shown: Verdict.nullable().describe('The one that the student sees.'),
    due: Timestamp.nullable().describe('When staff should have released it or decided the appeal.'),
    releases: z.array(Release).describe('Newest first, at most 200.'),
    refusals: z
      .object({ release: Refusal, decide: Refusal })
      .describe('Error with which a release or an outcome by the caller would be refused now; null: none.'),
  })
  .meta({ id: 'VerdictSteps' });
export type VerdictSteps = z.infer<typeof VerdictSteps>;

/** People who may decide an open appeal, by name, at most 200. */
export const OfficerList = z.object({ items: z.array(Person) });

export const VerdictListQuery = z.object({
  state: VerdictState.optional(),
  overdue: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Whether the verdict should have been released, or the appeal decided, by now.'),
  exam: Id.optional(),
  officer: z
    .union([Id, z.literal('none')])
    .optional()
    .describe('Person who decides the appeal, or `none` for open appeals that nobody has.'),
  judge: Id.optional().describe('Author of the newest verdict.'),
  /** Id of the last session of the previous page. */
  cursor: Id.optional(),
  limit: PageLimit,
});

export const VerdictListItem = z
  .object({
    sessionId: Id,
    exam: z.object({ id: Id, title: z.string() }),
    student: Person,
    attempt: z.int(),
    state: VerdictState,
    since: Timestamp,
    due: Timestamp.nullable(),
    overdue: z.boolean(),
    verdict: Verdict.shape.verdict.describe('The newest.'),
    judge: Person,
    officer: Person.nullable(),
    answerUntil: Timestamp.nullable(),
    appealUntil: Timestamp.nullable(),
  })
  .meta({ id: 'VerdictListItem' });
export type VerdictListItem = z.infer<typeof VerdictListItem>;
export const VerdictListPage = page(VerdictListItem);

/** A released verdict as its student sees it. Names of staff by policy: null if it hides them. */
export const MyVerdict = z
  .object({
    release: Id,
    verdict: Verdict.shape.verdict,
    reason: z.string(),
    by: Person.nullable(),
    at: Timestamp.describe('Time of the release.'),
    events: z.array(Id),
    pictures: z.array(z.object({ id: Id, eventId: Id, kind: EvidenceKind, at: Timestamp })),
    answerUntil: Timestamp.nullable(),
    appealUntil: Timestamp.nullable(),
    mayAnswer: z.boolean(),
    mayAppeal: z.boolean(),
    answer: Statement.nullable(),
    appeal: Statement.nullable(),
    outcome: z
      .object({
        outcome: z.enum(APPEAL_OUTCOMES),
        verdict: Verdict.shape.verdict.nullable(),
        reason: z.string().nullable(),
        by: Person.nullable(),
        at: Timestamp,
      })
      .nullable(),
  })
  .meta({ id: 'MyVerdict' });
export type MyVerdict = z.infer<typeof MyVerdict>;
export const MyVerdictList = z.object({ items: z.array(MyVerdict) });

export const MyPicturePath = z.object({ id: Id, picture: Id });
