import { fromBase64 } from '../../protocol/audit/base64.ts';
import { parseCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { entryBytes, payloadDigest } from '../../protocol/audit/entry.ts';
import { HASH_BYTES, hashLeaf, sameBytes, type Sha256, verifyInclusion } from '../../protocol/audit/merkle-proof.ts';
import { parseNote } from '../../protocol/audit/signed-note.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { AuditOfSession } from '../../protocol/http/audit-proofs.ts';
import { t } from './messages.ts';

const fromBase64url = (text: string): Uint8Array | undefined =>
  fromBase64(
    text
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .padEnd(Math.ceil(text.length / 4) * 4, '='),
  );

/**
 * Recomputes a session's chain and verifies that its end is included in the checkpoint, whose signature has been
 * verified before.
 * @param chain from its first entry, at least as long as `part` says
 * @returns the fault as text for the user; undefined if there is none
 */
export async function checkReport(
  part: AuditOfSession,
  chain: readonly AuditEntry[],
  sha256: Sha256,
): Promise<string | undefined> {
  const { faults } = t.report.log;
  const hashes: Uint8Array[] = [];
  for (const [i, entry] of chain.entries()) {
    const [digest, prevHash, hash, salt] = [entry.digest, entry.prevHash, entry.hash, entry.salt].map(fromBase64url);
    const at = (fault: string) => faults.entry(i + 1, entry.eventType, fault);
    if (!digest || !prevHash || !hash || !salt) return at(faults.unreadable);
    if (entry.position !== i + 1 || entry.entityType !== 'session' || entry.entityId !== part.sessionId)
      return at(faults.outOfOrder);
    if (!sameBytes(prevHash, hashes.at(-1) ?? new Uint8Array(HASH_BYTES))) return at(faults.unlinked);
    if (!sameBytes(digest, await payloadDigest(salt, entry.payload, sha256))) return at(faults.payload);
    const computed = await hashLeaf(entryBytes({ ...entry, digest, prevHash }), sha256);
    if (!sameBytes(computed, hash)) return at(faults.hash);
    hashes.push(computed);
  }
  const head = hashes[part.entries - 1];
  if (part.entries > 0 && !(head && part.head !== null && sameBytes(head, fromBase64(part.head) ?? new Uint8Array())))
    return faults.end;
  return isCovered(part, hashes, sha256);
}

async function isCovered(
  { checkpoint, covered, last }: AuditOfSession,
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): Promise<string | undefined> {
  if (!last || !checkpoint) return covered === 0 ? undefined : t.report.log.faults.noProof;
  const leafHash = hashes[covered - 1];
  const proof = last.proof.map((hash) => fromBase64(hash) ?? new Uint8Array());
  const { size, root } = parseCheckpoint(parseNote(checkpoint.note).text);
  const included =
    leafHash !== undefined && (await verifyInclusion({ index: last.index, size, leafHash, proof, root }, sha256));
  return included ? undefined : t.report.log.faults.notIncluded(covered);
}
