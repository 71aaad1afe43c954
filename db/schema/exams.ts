import type { Generated, JSONColumnType } from 'kysely';
import type { Policy } from '../../protocol/policy.ts';

export interface ExamsTable {
  id: string;
  title: string;
  starts_at: Date | null;
  ends_at: Date | null;
  duration_minutes: number | null;
  /** Minutes after `starts_at` in which a first attempt can start; null: until `ends_at`. */
  late_start_minutes: number | null;
  /** IANA name; for display, since times are instants. */
  time_zone: Generated<string>;
  /** Attempts per student; null: no limit. */
  max_attempts: number | null;
  status: 'draft' | 'scheduled' | 'active' | 'completed' | 'archived';
  /** Start of the present active period; an exam closes at an `ends_at` after it. Null: it does not close by itself. */
  active_since: Date | null;
  policy: JSONColumnType<Policy>;
  policy_version: number;
  /** Profile that the policy is a copy of, and its version then; both null for none. */
  policy_profile_id: string | null;
  policy_profile_version: number | null;
  /** `enrolled`: only students with a row in `enrolments`. */
  open_to: 'all' | 'enrolled';
  /** Default: the first organisation. Never changes. */
  organisation_id: Generated<string>;
  /** `assigned`: only proctors and reviewers with a row in `assignments`; `all`: those of the organisation. */
  staff_access: 'assigned' | 'all';
  /** Per cent of its calm sessions that are drawn for a look. */
  review_sample_percent: number;
  /** Templates of messages to students; null: the standard ones. */
  message_templates: JSONColumnType<string[]> | null;
  created_by: string;
  created_at: Date;
}
