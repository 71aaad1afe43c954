import type { Sha256 } from './merkle-proof.ts';

/** Hashed fields of an audit log entry; the payload is represented by its digest. */
export interface EntryFields {
  readonly id: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly position: number;
  readonly eventType: string;
  /** User id; null for the server itself. */
  readonly actor: string | null;
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  /** 32 bytes each. */
  readonly digest: Uint8Array;
  readonly prevHash: Uint8Array;
}

const ENTRY_DOMAIN = 'invigil/audit/entry/v2';
const PAYLOAD_DOMAIN = 'invigil/audit/payload/v1';

const utf8 = new TextEncoder();

/** Fields, each preceded by its length in bytes (32 bits, big-endian), so that different lists give different bytes. */
export function encodeFields(fields: readonly (string | Uint8Array)[]): Uint8Array {
  const all = fields.map((field) => (typeof field === 'string' ? utf8.encode(field) : field));
  const out = new Uint8Array(all.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const field of all) {
    view.setUint32(at, field.length);
    out.set(field, at + 4);
    at += 4 + field.length;
  }
  return out;
}

/** Bytes of an entry: the data of its leaf in the tree (`hashLeaf`). */
export const entryBytes = ({
  id,
  entityType,
  entityId,
  position,
  eventType,
  actor,
  at,
  digest,
  prevHash,
}: EntryFields): Uint8Array =>
  encodeFields([
    ENTRY_DOMAIN,
    id,
    entityType,
    entityId,
    String(position),
    eventType,
    actor ?? '',
    at,
    digest,
    prevHash,
  ]);

/** Expected `digest` of an entry. @param payload as stored, UTF-8 */
export const payloadDigest = async (salt: Uint8Array, payload: string, sha256: Sha256): Promise<Uint8Array> =>
  sha256(encodeFields([PAYLOAD_DOMAIN, salt, payload]));
