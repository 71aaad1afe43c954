import type { Selectable } from 'kysely';
import type { Policy } from '../protocol/policy.ts';
import type { Executor } from './executor.ts';
import type { ExamPoliciesTable } from './schema/exam-policies.ts';

export type ExamPolicyRow = Selectable<ExamPoliciesTable>;

/** @throws if the exam already has this version */
export async function insertPolicy(
  ex: Executor,
  row: Omit<ExamPolicyRow, 'policy'> & { policy: Policy },
): Promise<void> {
  await ex
    .insertInto('exam_policies')
    .values({ ...row, policy: JSON.stringify(row.policy) })
    .execute();
}

/** @returns undefined if the exam or the policy version does not exist */
export async function findPolicy(ex: Executor, examId: string, version: number): Promise<Policy | undefined> {
  const row = await ex
    .selectFrom('exam_policies')
    .select('policy')
    .where('exam_id', '=', examId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.policy;
}

/** Newest first. `before`: only versions below this one. */
export async function listPolicies(
  ex: Executor,
  examId: string,
  filter: { before: number | undefined; limit: number },
): Promise<ExamPolicyRow[]> {
  let query = ex
    .selectFrom('exam_policies')
    .selectAll()
    .where('exam_id', '=', examId)
    .orderBy('version', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('version', '<', filter.before);
  return query.execute();
}
