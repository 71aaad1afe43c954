/** Proctors and reviewers of exams. Unique by user, exam and room. */
export interface AssignmentsTable {
  id: string;
  exam_id: string;
  user_id: string;
  /** Null: the whole exam. */
  room: string | null;
  created_by: string;
  created_at: Date;
}
