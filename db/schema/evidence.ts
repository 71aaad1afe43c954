import type { EvidenceKind } from '../../protocol/http/evidence.ts';

/** Key of one session's pictures, encrypted with the master key, which is not in the database. */
export interface SessionKeysTable {
  session_id: string;
  wrapped_key: Uint8Array;
}

/** A stored picture. The row is inserted after its object exists. */
export interface EvidenceTable {
  id: string;
  session_id: string;
  event_id: string;
  kind: EvidenceKind;
  /** When the frame arrived, server time. */
  at: Date;
  /** Size of the object, bytes. */
  bytes: number;
  /** SHA-256 of the object. */
  digest: Uint8Array;
  object_key: string;
}
