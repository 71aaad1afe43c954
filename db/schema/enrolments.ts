import type { JSONColumnType } from 'kysely';
import type { DetectionChanges } from '../../protocol/accommodations.ts';

/** Enrolled students and their accommodations. */
export interface EnrolmentsTable {
  exam_id: string;
  student_id: string;
  extra_minutes: number;
  detection: JSONColumnType<DetectionChanges>;
  /** Profile whose current version applies at the start of a session; null for none. */
  accommodation_profile_id: string | null;
  /** Room or group; null for none. */
  room: string | null;
  /** Null for none. */
  seat: string | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}
