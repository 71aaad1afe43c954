import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { AuditEntry } from './audit.ts';

/** Proofs of the audit log, verifiable without trusting the server. Hashes and bytes are base64 with padding, as in notes. */

const Base64 = z.string();
/** Hashes of 32 bytes, from the leaf up. */
const Proof = z.array(Base64);
const TreeSize = z.int().min(0);

export const AuditCheckpoint = z
  .object({
    /** Leaves of the tree. */
    size: TreeSize,
    /** RFC 6962 root at that size, for information; the note is authoritative. */
    root: Base64,
    /** Server time. */
    signedAt: Timestamp,
    /** C2SP signed note, tlog-checkpoint. */
    note: z.string(),
    /** Claimed signing key, `name+id+key`. Compare it with the key you trust. */
    key: z.string(),
  })
  .meta({ id: 'AuditCheckpoint' });
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>;

export const AuditSummary = z
  .object({
    entries: z.int(),
    /** Chains: entities with at least one entry. */
    entities: z.int(),
    newest: AuditEntry.nullable(),
    /** Null until the log is initialised; entries of other entities can precede it. */
    genesis: AuditEntry.nullable(),
    /** Entries in the tree; the others follow within seconds. */
    placed: TreeSize,
    /** Null if there is none yet. */
    checkpoint: AuditCheckpoint.nullable(),
  })
  .meta({ id: 'AuditSummary' });

/** Position of an entry in the tree of a checkpoint. */
const Inclusion = z.object({
  /** Index of the leaf, from 0. */
  index: z.int().min(0),
  /** Bytes of the entry: SHA-256(0x00 || leaf) is the leaf hash. */
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

/** Chain of a session, and the part of it that the newest checkpoint covers. */
export const AuditOfSession = z
  .object({
    sessionId: Id,
    /** Entries of the chain. */
    entries: z.int().min(0),
    /** Hash of the last entry; null if there is none. */
    head: Base64.nullable(),
    /** Null if there is none yet. */
    checkpoint: AuditCheckpoint.nullable(),
    /** Entries in the tree of the checkpoint; the others follow within seconds. */
    covered: z.int().min(0),
    /** Last covered entry; each entry contains the hash of the one before. */
    last: Inclusion.extend({ entry: AuditEntry }).nullable(),
  })
  .meta({ id: 'AuditOfSession' });
export type AuditOfSession = z.infer<typeof AuditOfSession>;

/** Part of the log about one session, with proofs, for `npm run audit -- verify`. */
export const AuditFile = z.instanceof(Uint8Array).meta({
  type: 'string',
  format: 'binary',
  description: 'Export of the audit log; docs/audit.md describes its layout.',
});
