import { createHash } from 'node:crypto';
import { fromBase64 } from '../../protocol/audit/base64.ts';
import { type Checkpoint, openCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { hashLeaf, type Sha256, verifyInclusion } from '../../protocol/audit/merkle-proof.ts';
import { parseVerifierKey } from '../../protocol/audit/signed-note.ts';
import type { AuditCheckpoint, AuditInclusion } from '../../protocol/http/audit-proofs.ts';
import { noteCrypto } from '../../server/audit/checkpoints/note-crypto.ts';
import type { Api } from './api.ts';
import { ManualTime } from './manual-time.ts';

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();

export function bytesOf(base64: string): Uint8Array {
  const bytes = fromBase64(base64);
  if (!bytes) throw new Error(`not base64: ${base64}`);
  return bytes;
}

/** Opens a checkpoint as a verifier that trusts this key. */
export const openWith = async (key: string, note: string): Promise<Checkpoint> =>
  openCheckpoint(note, [await parseVerifierKey(key, sha256)], noteCrypto);

/** True if the leaf is the entry in the answer and is included in the tree that the key has signed. */
export async function isIncluded({
  index,
  leaf,
  proof,
  checkpoint,
}: Pick<AuditInclusion, 'index' | 'leaf' | 'proof' | 'checkpoint'>): Promise<boolean> {
  const { size, root } = await openWith(checkpoint.key, checkpoint.note);
  return verifyInclusion(
    { index, size, root, leafHash: await hashLeaf(bytesOf(leaf), sha256), proof: proof.map(bytesOf) },
    sha256,
  );
}

/** A clock and timers that move only on demand, so that a test decides when a checkpoint is signed. */
export class AuditClock {
  readonly #time = new ManualTime();
  /** For `Overrides`. */
  readonly clock = this.#time.clock;
  readonly timers = this.#time.timers;

  /** @returns the checkpoint that covers the whole log so far; none is due for later entries */
  async checkpointed(admin: Api): Promise<AuditCheckpoint> {
    const summary = () => admin.get<{ entries: number; checkpoint: AuditCheckpoint | null }>('/api/blockchain/summary');
    const { entries, checkpoint } = await summary();
    if (checkpoint && checkpoint.size >= entries) return checkpoint;
    let newest = checkpoint;
    // Checkpoints are 10 s apart.
    for (let ms = 10_000; !(newest && newest.size >= entries);) {
      const before: number | undefined = newest?.size;
      this.#time.advance(ms);
      newest = (await summary()).checkpoint;
      // The writer works once a second. It may have signed while the last entries were still entering the tree.
      ms = newest?.size === before ? 1000 : 10_000;
    }
    return newest;
  }
}
