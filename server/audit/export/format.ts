import { z } from 'zod';

/**
 * An export of the audit log, to be read once from its beginning. Numbers are big-endian.
 *
 *     invigil-audit-export 1 \n
 *     header, one line of JSON \n
 *     records, in the order of the tree; of a full export, entries that wait for their place in it come last
 *     u32 0
 *     checkpoints: signed notes, one after the other, their sizes never falling
 *     u48 where the checkpoints begin, "\nend of export\n"
 *
 * A record:
 *
 *     u32 length of what follows
 *     u8  which parts there are: see PART
 *     u48 where the record of the entry before it in its chain begins; 0: there is none
 *     32  hash of its leaf, as the tree has it
 *     u32 length, the entry as it is hashed (`encodeEntry`)              PART.entry; without: it is gone
 *     u32 length, salt, u32 length, payload                              PART.payload; without: erased
 *     u48 index of the leaf, u8 count, so many hashes: inclusion proof   PART.proof; of an export of one session
 */
export const MAGIC = 'invigil-audit-export 1\n';
export const END = '\nend of export\n';
export const OFFSET_BYTES = 6;
export const LENGTH_BYTES = 4;
export const FOOTER_BYTES = OFFSET_BYTES + END.length;

export const PART = { entry: 1, payload: 2, proof: 4, pending: 8 } as const;

/** Offsets of the leaf hash and the entry length in a record. */
export const HASH_AT = 1 + OFFSET_BYTES;
export const ENTRY_AT = HASH_AT + 32;

/** Maximum record size, bytes: far above any entry; bounds memory. */
export const MAX_RECORD_BYTES = 2 ** 18;

/** Maximum header size, bytes. */
export const MAX_HEADER_BYTES = 16_384;

export const ExportHeader = z.object({
  /** Origin of the log in its checkpoints. */
  origin: z.string().min(1),
  /** Verifier key the server claims to sign with. Null: it does not sign. */
  key: z.string().nullable(),
  /** Earlier verifier keys. */
  formerKeys: z.array(z.string()).optional(),
  /** Number of leaves; for an export of one session, that of its checkpoint. */
  size: z.int().min(0),
  kind: z.enum(['full', 'session']),
  /** The session, for an export of one session. */
  session: z.string().optional(),
  /** By the server's clock, ISO 8601. */
  exportedAt: z.string(),
});
export type ExportHeader = z.infer<typeof ExportHeader>;

/** The file is not a complete export. */
export class MalformedExport extends Error {
  override readonly name = 'MalformedExport';
}

export const malformedRecord = (offset: number): MalformedExport =>
  new MalformedExport(`invalid record at offset ${offset}`);
