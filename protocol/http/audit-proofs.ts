import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { AuditEntry } from './audit.ts';

/**
 * Proofs of the audit log: for whoever does not want to believe the server. Hashes and bytes in base64 with padding, as
 * in the notes.
 */

const Base64 = z.string();
/** Hashes of 32 bytes, from the leaf up. */
const Proof = z.array(Base64);
const TreeSize = z.int().min(0);

export const AuditCheckpoint = z
  .object({
    /** Leaves of the tree. */
    size: TreeSize,
    /** RFC 6962 root at that size; what counts is the note. */
    root: Base64,
    /** By the server's clock. */
    signedAt: Timestamp,
    /** C2SP signed note, tlog-checkpoint. */
    note: z.string(),
    /** The key that the server says it signs with: `name+id+key`. Compare it with the one you know. */
    key: z.string(),
  })
  .meta({ id: 'AuditCheckpoint' });
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>;

export const AuditSummary = z
  .object({
    entries: z.int(),
    /** Chains: things of which there is at least one entry. */
    entities: z.int(),
    newest: AuditEntry.nullable(),
    /** Null until the log is initialised. Entries of other things may come before. */
    genesis: AuditEntry.nullable(),
    /** Entries that have their place in the tree; the others follow within seconds. */
    placed: TreeSize,
    /** Null when there is none yet. */
    checkpoint: AuditCheckpoint.nullable(),
  })
  .meta({ id: 'AuditSummary' });

/** An entry's place in the tree of a checkpoint. */
const Inclusion = z.object({
  /** Of the leaf, from 0. */
  index: z.int().min(0),
  /** The entry's bytes: SHA-256(0x00 || leaf) is the hash of the leaf. */
  leaf: Base64,
  proof: Proof,
});

export const AuditInclusion = Inclusion.extend({ entry: AuditEntry, checkpoint: AuditCheckpoint }).meta({
  id: 'AuditInclusion',
});
export type AuditInclusion = z.infer<typeof AuditInclusion>;

export const AuditConsistency = z
  .object({ from: z.int().min(1), to: z.int().min(1), proof: Proof })
  .meta({ id: 'AuditConsistency' });
export type AuditConsistency = z.infer<typeof AuditConsistency>;

/** A session's chain, and how much of it the newest checkpoint speaks for. */
export const AuditOfSession = z
  .object({
    sessionId: Id,
    /** Entries of the chain. */
    entries: z.int().min(0),
    /** Hash of the last of them; null when there is none. */
    head: Base64.nullable(),
    /** Null when there is none yet. */
    checkpoint: AuditCheckpoint.nullable(),
    /** Entries that are in the checkpoint's tree. The others follow within seconds. */
    covered: z.int().min(0),
    /** The last of these in the tree: it names the hash of the one before, and so on. */
    last: Inclusion.extend({ entry: AuditEntry }).nullable(),
  })
  .meta({ id: 'AuditOfSession' });
export type AuditOfSession = z.infer<typeof AuditOfSession>;

/** A session's part of the log, with its proofs: for `npm run audit -- verify`. */
export const AuditFile = z.instanceof(Uint8Array).meta({
  type: 'string',
  format: 'binary',
  description: 'An export of the audit log; its layout is in docs/audit.md.',
});
