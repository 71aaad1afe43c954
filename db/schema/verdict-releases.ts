import type { JSONColumnType } from 'kysely';

/** Release of a verdict to its student. The newest of a session is the one that can be answered and appealed. */
export interface VerdictReleasesTable {
  id: string;
  session_id: string;
  verdict_id: string;
  /** Ids of the events that decided it; their pictures are shown if the policy says so. */
  events: JSONColumnType<string[]>;
  /** Null: no answer. */
  answer_until: Date | null;
  /** Null: no appeal. */
  appeal_until: Date | null;
  by: string;
  created_at: Date;
}

/** The student's answer to a release, at most one. */
export interface VerdictAnswersTable {
  id: string;
  session_id: string;
  release_id: string;
  text: string;
  /** Salt of the audit log's digest of the text. */
  text_salt: Uint8Array;
  created_at: Date;
}
