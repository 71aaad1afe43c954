import type { JSONColumnType } from 'kysely';
import type { Attention } from '../../protocol/attention.ts';
import type { Level } from '../../protocol/event-types.ts';

/** Score of an ended session under another version of its exam's policy. */
export interface RescoresTable {
  id: string;
  session_id: string;
  policy_version: number;
  risk_score: number;
  risk_level: Level;
  /** Excluding events dismissed at that time. */
  reviewed_score: number;
  reviewed_level: Level;
  /** Null in results of versions without it. */
  attention: JSONColumnType<Attention> | null;
  reason: string | null;
  by: string;
  created_at: Date;
}
