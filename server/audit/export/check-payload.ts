import { hash } from 'node:crypto';
import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { EntryScan, lengthAt } from './entry-fields.ts';
import { entryFault } from './fault-found.ts';
import { ENTRY_AT, LENGTH_BYTES, malformedRecord, PART } from './format.ts';
import { isHashAt } from './hash-string.ts';

/** Prefix of the input of a payload's digest: `saltedDigest('payload', ..)` of db/audit/hash.ts, written out. */
const DOMAIN = Buffer.from('\0\0\0\u0018invigil/audit/payload/v1', 'latin1');
/** The digest is the second to last field of an entry. */
const DIGEST_BEFORE_END = HASH_BYTES + LENGTH_BYTES + HASH_BYTES;
const ALL_PARTS = PART.entry | PART.payload | PART.proof | PART.pending;

/** Further contents of a record. */
export interface RecordParts {
  readonly hasPayload: boolean;
  /** Offset of its inclusion proof; 0: none. */
  readonly proofAt: number;
}

const PLAIN: RecordParts = { hasPayload: true, proofAt: 0 };
const ERASED: RecordParts = { hasPayload: false, proofAt: 0 };

/**
 * Checks the payload of a record against its digest, and the end of the record. The entry itself is validated by
 * `EntryCheck` before.
 * @param from start of the record, after its length; `to`: its end. The end of the entry is overwritten, so that
 * domain, salt and payload are contiguous
 * @throws FaultFound, MalformedExport
 */
export function checkPayload(
  bytes: Uint8Array,
  from: number,
  to: number,
  offset: number,
  leaf: number | null,
): RecordParts {
  const parts = bytes[from]!;
  if ((parts & ~ALL_PARTS) !== 0 || (parts & (PART.entry | PART.payload)) === PART.payload)
    throw malformedRecord(offset);
  let at = from + ENTRY_AT;
  if ((parts & PART.entry) !== 0) at = fieldEnd(bytes, at, to, offset);
  const entryTo = at;
  if ((parts & PART.payload) !== 0) {
    at = fieldEnd(bytes, fieldEnd(bytes, at, to, offset), to, offset);
    // Overwrites the hash of the previous entry.
    const start = entryTo - DOMAIN.length;
    for (let i = 0; i < DOMAIN.length; i++) bytes[start + i] = DOMAIN[i]!;
    const digest = hash('sha256', new Uint8Array(bytes.buffer, bytes.byteOffset + start, at - start), 'binary');
    if (!isHashAt(bytes, entryTo - DIGEST_BEFORE_END, digest))
      throw payloadFault(bytes, from + ENTRY_AT + LENGTH_BYTES, entryTo, leaf);
  }
  if ((parts & PART.proof) !== 0) return { hasPayload: at > entryTo, proofAt: at };
  if (at !== to) throw malformedRecord(offset);
  return at > entryTo ? PLAIN : ERASED;
}

/** Offset after a length-prefixed field. */
function fieldEnd(bytes: Uint8Array, at: number, to: number, offset: number): number {
  if (at + LENGTH_BYTES > to) throw malformedRecord(offset);
  const end = at + LENGTH_BYTES + lengthAt(bytes, at);
  if (end > to) throw malformedRecord(offset);
  return end;
}

function payloadFault(bytes: Uint8Array, from: number, to: number, leaf: number | null) {
  const scan = new EntryScan();
  return entryFault('payload', leaf, scan.scan(bytes, from, to) ? scan.fields(bytes) : undefined);
}
