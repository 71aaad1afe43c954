import type { JSONColumnType } from 'kysely';
import type { Policy } from '../../protocol/policy.ts';

export interface ExamsTable {
  id: string;
  title: string;
  starts_at: Date | null;
  ends_at: Date | null;
  duration_minutes: number | null;
  status: 'draft' | 'scheduled' | 'active' | 'completed' | 'archived';
  policy: JSONColumnType<Policy>;
  policy_version: number;
  /** `enrolled`: only students with a row in `enrolments`. */
  open_to: 'all' | 'enrolled';
  created_by: string;
  created_at: Date;
}
