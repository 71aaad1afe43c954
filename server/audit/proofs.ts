import { encodeEntry } from '../../db/audit/hash.ts';
import { findAuditEntry, findHead, lastPlaced, snapshot } from '../../db/audit/leaves.ts';
import type { AuditEntryRow } from '../../db/audit/append.ts';
import { findLeaf, newestCheckpoint, readTiles, type StoredCheckpoint, treeSize } from '../../db/audit/tree.ts';
import type { Db, Executor } from '../../db/executor.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type {
  AuditCheckpoint,
  AuditConsistency,
  AuditInclusion,
  AuditOfSession,
} from '../../protocol/http/audit-proofs.ts';
import { auditView } from './audit-view.ts';
import { consistencyProof, inclusionProof } from './tree/proofs.ts';
import type { ReadTiles } from './tree/tiles.ts';

/** A checkpoint follows within 10 s. */
const RETRY_AFTER_S = 10;

export interface ProofParts {
  readonly db: Db;
  /** Verifier key of checkpoints. */
  readonly verifierKey: string;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
const tilesOf =
  (ex: Executor): ReadTiles =>
  (tiles) =>
    readTiles(ex, tiles);

/** The root is the third line of the note; an invalid note is shown as is. */
export const checkpointView = ({ size, note, signedAt }: StoredCheckpoint, key: string): AuditCheckpoint => ({
  size,
  root: note.split('\n')[2] ?? '',
  signedAt: signedAt.toISOString(),
  note,
  key,
});

/** @param atMost leaves; undefined: the newest checkpoint. @throws ProtocolError `not_found` */
export async function checkpointOf({ db, verifierKey }: ProofParts, atMost?: number): Promise<AuditCheckpoint> {
  const checkpoint = await newestCheckpoint(db, atMost);
  if (!checkpoint)
    throw new ProtocolError(
      'not_found',
      atMost === undefined ? 'no checkpoint has been signed yet' : `no checkpoint of at most ${atMost} leaves`,
    );
  return checkpointView(checkpoint, verifierKey);
}

async function leafOf(ex: Executor, entry: AuditEntryRow, index: number, size: number) {
  const proof = await inclusionProof(index, size, tilesOf(ex));
  return { index, leaf: base64(encodeEntry(entry)), proof: proof.map(base64), entry: auditView(entry) };
}

/**
 * Inclusion proof under the newest checkpoint, or the newest of at most `atMost` leaves.
 * @throws ProtocolError `not_found`; `no_checkpoint_yet`, to be retried within seconds; `bad_request` for an entry
 * after `atMost`
 */
export async function inclusionOf(
  { db, verifierKey }: ProofParts,
  id: string,
  atMost?: number,
): Promise<AuditInclusion> {
  const entry = await findAuditEntry(db, id);
  if (!entry) throw new ProtocolError('not_found', 'entry not found');
  const [index, newest] = [await findLeaf(db, id), await newestCheckpoint(db)];
  if (index === undefined || !newest || index >= newest.size) {
    const why =
      index === undefined ? 'entry is queued for the tree' : `entry is leaf ${index}, not covered by a checkpoint yet`;
    throw new ProtocolError('no_checkpoint_yet', why, { retryable: true, retryAfterSeconds: RETRY_AFTER_S });
  }
  const checkpoint = atMost === undefined ? newest : await newestCheckpoint(db, atMost);
  if (!checkpoint || index >= checkpoint.size) {
    const message = `entry is leaf ${index}, not covered by a checkpoint of at most ${atMost} leaves`;
    throw new ProtocolError('bad_request', message, { fields: [{ field: 'query.size', message }] });
  }
  return { ...(await leafOf(db, entry, index, checkpoint.size)), checkpoint: checkpointView(checkpoint, verifierKey) };
}

/** @param from 1 or more. @throws ProtocolError `bad_request` unless from <= to <= leaves of the tree */
export async function consistencyOf({ db }: ProofParts, from: number, to: number): Promise<AuditConsistency> {
  const wrong = (field: string, message: string) =>
    new ProtocolError('bad_request', message, { fields: [{ field, message }] });
  if (from > to) throw wrong('query.from', 'must be at most `to`');
  const size = await treeSize(db);
  if (to > size) throw wrong('query.to', `must be at most ${size}, the number of leaves`);
  return { from, to, proof: (await consistencyProof(from, to, tilesOf(db))).map(base64) };
}

/** Audit part of a session's report, also of a deleted session. */
export const auditOfSession = ({ db, verifierKey }: ProofParts, sessionId: string): Promise<AuditOfSession> =>
  snapshot(db, (tx) => auditIn(tx, verifierKey, sessionId));

/** As `auditOfSession`, in a snapshot. */
export async function auditIn(tx: Executor, verifierKey: string, sessionId: string): Promise<AuditOfSession> {
  const chain = { entityType: 'session', entityId: sessionId } as const;
  const [head, newest] = [await findHead(tx, chain), await newestCheckpoint(tx)];
  const last = newest && (await lastPlaced(tx, chain, newest.size));
  return {
    sessionId,
    entries: head?.length ?? 0,
    head: head && head.length > 0 ? base64(head.hash) : null,
    checkpoint: newest ? checkpointView(newest, verifierKey) : null,
    covered: last?.entry.position ?? 0,
    last: newest && last ? await leafOf(tx, last.entry, last.index, newest.size) : null,
  };
}
