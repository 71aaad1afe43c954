/** The student's appeal against a released verdict, at most one. Open until it has an outcome. */
export interface AppealsTable {
  id: string;
  session_id: string;
  release_id: string;
  text: string;
  /** Salt of the audit log's digest of the text. */
  text_salt: Uint8Array;
  created_at: Date;
}

/** The one outcome of an appeal; `withdrawn`: by the student. */
export interface AppealOutcomesTable {
  id: string;
  session_id: string;
  appeal_id: string;
  outcome: 'upheld' | 'changed' | 'withdrawn';
  /** New verdict of a changed one. */
  verdict_id: string | null;
  /** Null: withdrawn. */
  reason: string | null;
  /** Salt of the audit log's digest of the reason. */
  reason_salt: Uint8Array | null;
  by: string;
  created_at: Date;
}
