import type { JSONColumnType } from 'kysely';
import type { Severity, Source } from '../../protocol/event-types.ts';

export interface EventsTable {
  id: string;
  session_id: string;
  seq: number;
  /** Offset of the row's latest change within the session. */
  change_offset: number;
  type: string;
  source: Source;
  severity: Severity;
  weight: number;
  started_at: Date;
  ended_at: Date | null;
  duration_ms: number | null;
  confidence: number | null;
  details: JSONColumnType<Record<string, unknown>>;
  review: 'confirmed' | 'dismissed' | null;
  /** For signals: stream, sequence number and SHA-256 of the body. Null otherwise. */
  stream: string | null;
  client_seq: number | null;
  body_digest: string | null;
}
