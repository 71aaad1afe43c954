import type { JSONColumnType } from 'kysely';
import type { Policy } from '../../protocol/policy.ts';

/** Every version of an exam's policy. None is ever changed: a changed policy is the next version. */
export interface ExamPoliciesTable {
  exam_id: string;
  /** From 1, without holes. */
  version: number;
  policy: JSONColumnType<Policy>;
  created_by: string;
  created_at: Date;
}
