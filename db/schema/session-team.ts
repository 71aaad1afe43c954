/** Staff at work on a session. Without a row nobody has done anything. */
export interface SessionTeamTable {
  session_id: string;
  /** Rises with every change: the newer of two states is the one with the higher version. */
  version: number;
  /** Null: nobody has seen it, or something new happened since. */
  seen_by: string | null;
  seen_at: Date | null;
  /** Attention that the person saw. */
  seen_attention: number | null;
  /** Null: nobody has taken it. */
  claimed_by: string | null;
  claimed_at: Date | null;
  /** Person who handed it over; null: the holder took it. */
  claimed_from: string | null;
  /** Number of internal notes. */
  notes: number;
}

/** Internal note of staff; never changed, never shown to the student. */
export interface SessionNotesTable {
  id: string;
  session_id: string;
  by: string;
  text: string;
  /** Salt of the audit log's digest of the text. */
  salt: Uint8Array;
  created_at: Date;
}
