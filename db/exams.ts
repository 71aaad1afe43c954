import { type RawBuilder, type Selectable, sql, type Transaction } from 'kysely';
import type { ExamPeriod } from '../protocol/http/exams.ts';
import type { Policy } from '../protocol/policy.ts';
import type { Executor } from './executor.ts';
import { containsText } from './folded.ts';
import type { Schema } from './schema/database.ts';
import { examSeenBy, type Viewer } from './visibility.ts';
import type { ExamsTable } from './schema/exams.ts';

export type ExamRow = Selectable<ExamsTable>;
/**
 * Terms that default: open to all, seen by all staff, no late start, UTC, no limit of attempts, no profile, and
 * not closing by itself, in the default organisation.
 */
type DefaultedTerms = Pick<
  ExamRow,
  | 'open_to'
  | 'organisation_id'
  | 'staff_access'
  | 'late_start_minutes'
  | 'time_zone'
  | 'max_attempts'
  | 'active_since'
  | 'policy_profile_id'
  | 'policy_profile_version'
  | 'review_sample_percent'
  | 'message_templates'
>;
export type NewExam = Omit<ExamRow, 'policy' | 'policy_version' | keyof DefaultedTerms> & {
  policy: Policy;
} & Partial<DefaultedTerms>;

/** Inserts an exam and the first version of its policy in one statement. */
export async function insertExam(ex: Executor, exam: NewExam): Promise<ExamRow> {
  return ex
    .with('exam', (qb) =>
      qb
        .insertInto('exams')
        .values({
          open_to: 'all',
          staff_access: 'all',
          late_start_minutes: null,
          max_attempts: null,
          active_since: null,
          policy_profile_id: null,
          policy_profile_version: null,
          review_sample_percent: 0,
          ...exam,
          message_templates: exam.message_templates ? JSON.stringify(exam.message_templates) : null,
          policy: JSON.stringify(exam.policy),
          policy_version: 1,
        })
        .returningAll(),
    )
    .with('first_policy', (qb) =>
      qb
        .insertInto('exam_policies')
        .columns(['exam_id', 'version', 'policy', 'created_by', 'created_at'])
        .expression(qb.selectFrom('exam').select(['id', 'policy_version', 'policy', 'created_by', 'created_at'])),
    )
    .selectFrom('exam')
    .selectAll()
    .executeTakeFirstOrThrow();
}

export async function findExam(ex: Executor, id: string): Promise<ExamRow | undefined> {
  return ex.selectFrom('exams').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Locks the exam's row until the end of the transaction. `share`: against changes; `update`: exclusively. */
export async function lockExam(
  tx: Transaction<Schema>,
  id: string,
  how: 'share' | 'update',
): Promise<ExamRow | undefined> {
  const query = tx.selectFrom('exams').selectAll().where('id', '=', id);
  return (how === 'share' ? query.forShare() : query.forUpdate()).executeTakeFirst();
}

/** Fields of an exam set by its author, without the status. */
export interface ExamChange
  extends
    Pick<
      ExamRow,
      | 'title'
      | 'starts_at'
      | 'ends_at'
      | 'duration_minutes'
      | 'late_start_minutes'
      | 'time_zone'
      | 'max_attempts'
      | 'open_to'
      | 'policy_version'
    >,
    Partial<Pick<ExamRow, 'staff_access' | 'review_sample_percent' | 'policy_profile_id' | 'policy_profile_version'>> {
  readonly policy: Policy;
}

/** Only the policy and where it is from. */
export type PolicyChange = Pick<
  ExamChange,
  'policy' | 'policy_version' | 'policy_profile_id' | 'policy_profile_version'
>;

export async function updateExam(ex: Executor, id: string, change: ExamChange | PolicyChange): Promise<ExamRow> {
  return ex
    .updateTable('exams')
    .set({ ...change, policy: JSON.stringify(change.policy) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @param at begins the active period */
export async function setExamStatus(ex: Executor, id: string, status: ExamRow['status'], at: Date): Promise<ExamRow> {
  return ex
    .updateTable('exams')
    .set({ status, active_since: status === 'active' ? at : null })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Exams whose status must follow their times: scheduled ones that begin, and active ones that end. */
export async function listDueExams(ex: Executor, now: Date, limit: number): Promise<string[]> {
  const rows = await ex
    .selectFrom('exams')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'scheduled'), eb('starts_at', '<=', now)]),
        eb.and([eb('status', '=', 'active'), eb('ends_at', '<=', now), eb('ends_at', '>', eb.ref('active_since'))]),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export interface ExamFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly statuses?: readonly ExamRow['status'][] | undefined;
  readonly openTo?: ExamRow['open_to'] | undefined;
  readonly organisation?: string | undefined;
  /** Part of the title. */
  readonly title?: string | undefined;
  readonly when?: ExamPeriod | undefined;
  /** Day that `when` is about. */
  readonly day?: Day | undefined;
  readonly seenBy?: Viewer | undefined;
}

interface Day {
  readonly from: Date;
  readonly to: Date;
}

/** Exams of a period, for statements over `exams`. Each exam is in one of them only. */
function isOf(when: ExamPeriod, { from, to }: Day): RawBuilder<boolean> {
  const archived = sql<boolean>`exams.status = 'archived'`;
  const past = sql<boolean>`(exams.status = 'completed' AND coalesce(exams.ends_at, exams.starts_at, exams.created_at) < ${from}
    OR exams.status IN ('draft', 'scheduled') AND exams.ends_at < ${from})`;
  const coming = sql<boolean>`(exams.starts_at >= ${to} OR exams.status = 'scheduled' AND exams.starts_at IS NULL)`;
  const undated = sql<boolean>`(exams.status = 'draft' AND exams.starts_at IS NULL)`;
  switch (when) {
    case 'archived':
      return archived;
    case 'past':
      return sql`NOT ${archived} AND ${past}`;
    case 'drafts':
      return sql`NOT coalesce(${past}, false) AND ${undated}`;
    case 'coming':
      return sql`NOT ${archived} AND NOT coalesce(${past}, false) AND ${coming}`;
    case 'today':
      return sql`NOT ${archived} AND NOT coalesce(${past}, false) AND NOT coalesce(${coming}, false) AND NOT ${undated}`;
  }
}

/** Newest first; ids are time-ordered, so the last id is the cursor. */
export async function listExams(ex: Executor, filter: ExamFilter): Promise<ExamRow[]> {
  let query = ex.selectFrom('exams').selectAll().orderBy('id', 'desc').limit(filter.limit);
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor);
  if (filter.statuses) query = query.where('status', 'in', filter.statuses);
  if (filter.openTo !== undefined) query = query.where('open_to', '=', filter.openTo);
  if (filter.organisation !== undefined) query = query.where('organisation_id', '=', filter.organisation);
  if (filter.title !== undefined) query = query.where(containsText('exams.title', filter.title));
  if (filter.when && filter.day) query = query.where(isOf(filter.when, filter.day));
  if (filter.seenBy) query = query.where(examSeenBy(filter.seenBy));
  return query.execute();
}
