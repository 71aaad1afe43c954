/** Permissions to sit an exam again, each given by a named person and used at most once. */
export interface ReadmissionsTable {
  id: string;
  /** Ended session that it follows. */
  session_id: string;
  exam_id: string;
  student_id: string;
  /** `continue`: the same session with its record and remaining time; `new`: the next attempt. */
  kind: 'continue' | 'new';
  reason: string;
  /** Salt of the reason's digest in the audit log. */
  reason_salt: Uint8Array;
  extra_minutes: number;
  /** Latest end, in place of the end of the exam's window; null: that. */
  until: Date | null;
  created_by: string;
  created_at: Date;
  used_at: Date | null;
  /** Session started or continued with it. */
  used_session_id: string | null;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
}
