import { fromBase64 } from '../../protocol/audit/base64.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { sameBytes, verifyConsistency } from '../../protocol/audit/merkle-proof.ts';
import { NoteError, parseNote, parseVerifierKey } from '../../protocol/audit/signed-note.ts';
import type { AuditCheckpoint, AuditConsistency } from '../../protocol/http/audit-proofs.ts';
import type { AuditCrypto } from './audit-crypto.ts';
import type { AlarmReason, StoredLog } from './stored-log.ts';

/** The server's side of the audit log. */
export interface LogSource {
  /** Undefined: the server has no checkpoint. Rejects when the request fails. */
  readonly newest: () => Promise<Pick<AuditCheckpoint, 'key' | 'note'> | undefined>;
  /** Undefined: the server refuses this proof. Rejects when the request fails. */
  readonly consistency: (from: number, to: number) => Promise<Pick<AuditConsistency, 'proof'> | undefined>;
}

class Broken extends Error {
  readonly reason: AlarmReason;
  constructor(reason: AlarmReason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Compares the server's newest checkpoint with the stored one. `kept` has to be read before the server is asked, as
 * another tab may store a newer one in the meantime.
 * @returns the state to store; undefined while neither side has a checkpoint
 * @throws errors of `source`: nothing was verified then
 */
export async function checkLog(
  kept: StoredLog | undefined,
  source: LogSource,
  crypto: AuditCrypto,
  now: number,
): Promise<StoredLog | undefined> {
  if (kept?.alarm) return kept;
  const shown = await source.newest();
  if (!shown) return kept && { ...kept, alarm: { reason: 'smaller', at: now, key: '', note: '' } };
  try {
    return await compare(kept, shown, source, crypto, now);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const before = kept ?? { key: shown.key, note: '', size: 0, trustedAt: now, checkedAt: now };
    return { ...before, alarm: { reason: error.reason, at: now, key: shown.key, note: shown.note } };
  }
}

async function compare(
  kept: StoredLog | undefined,
  shown: Pick<AuditCheckpoint, 'key' | 'note'>,
  source: LogSource,
  crypto: AuditCrypto,
  now: number,
): Promise<StoredLog> {
  if (kept && shown.key !== kept.key) throw new Broken('key');
  const checkpoint = await readNote(shown.note, shown.key, crypto);
  const good: StoredLog = {
    key: shown.key,
    note: shown.note,
    size: checkpoint.size,
    trustedAt: kept?.trustedAt ?? now,
    checkedAt: now,
    alarm: undefined,
  };
  if (!kept) return good;
  const before = parseCheckpoint(parseNote(kept.note).text);
  if (before.origin !== checkpoint.origin) throw new Broken('signature');
  if (checkpoint.size < before.size) throw new Broken('smaller');
  // Every log is a continuation of the empty one.
  if (before.size > 0 && !(await continues(before, checkpoint, source, crypto))) throw new Broken('rewritten');
  return good;
}

/** @throws Broken */
async function readNote(note: string, key: string, { sha256, verify }: AuditCrypto): Promise<Checkpoint> {
  try {
    const trusted = await parseVerifierKey(key, sha256);
    return verify ? await openCheckpoint(note, [trusted], { sha256, verify }) : parseCheckpoint(parseNote(note).text);
  } catch (error) {
    throw error instanceof NoteError ? new Broken('signature') : error;
  }
}

async function continues(
  before: Checkpoint,
  after: Checkpoint,
  source: LogSource,
  { sha256 }: AuditCrypto,
): Promise<boolean> {
  if (before.size === after.size) return sameBytes(before.root, after.root);
  const answer = await source.consistency(before.size, after.size);
  const proof = answer?.proof.map(fromBase64);
  if (!proof?.every((hash) => hash !== undefined)) return false;
  return verifyConsistency(
    { from: before.size, to: after.size, fromRoot: before.root, toRoot: after.root, proof },
    sha256,
  );
}
