import type { JSONColumnType } from 'kysely';
import type { DetectionChanges } from '../../protocol/accommodations.ts';

/** Who is entered for an exam, and what is done differently for them. */
export interface EnrolmentsTable {
  exam_id: string;
  student_id: string;
  extra_minutes: number;
  detection: JSONColumnType<DetectionChanges>;
  /** A room, or a group; null for none. */
  room: string | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}
