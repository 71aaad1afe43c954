import type { EvidenceKind } from '../../protocol/http/evidence.ts';

/** The key of one session's pictures, encrypted under the master key, which is not in the database. */
export interface SessionKeysTable {
  session_id: string;
  wrapped_key: Uint8Array;
}

/** A picture that is in the store. A row is there only after its object was. */
export interface EvidenceTable {
  id: string;
  session_id: string;
  event_id: string;
  kind: EvidenceKind;
  /** When the frame arrived, server time. */
  at: Date;
  /** Of the object. */
  bytes: number;
  /** SHA-256 of the object. */
  digest: Uint8Array;
  object_key: string;
}
