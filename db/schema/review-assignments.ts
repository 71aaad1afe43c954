/** Reviewer to whom a session is given, at most one. */
export interface ReviewAssignmentsTable {
  session_id: string;
  reviewer_id: string;
  assigned_by: string;
  created_at: Date;
}
