import type { JSONColumnType } from 'kysely';
import type { Policy } from '../../protocol/policy.ts';

/** Versions of exam policies. Immutable: a changed policy becomes the next version. */
export interface ExamPoliciesTable {
  exam_id: string;
  /** From 1, without gaps. */
  version: number;
  policy: JSONColumnType<Policy>;
  created_by: string;
  created_at: Date;
}
