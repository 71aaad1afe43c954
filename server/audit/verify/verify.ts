import type { Executor } from '../../../db/executor.ts';
import type { VerifierKey } from '../../../protocol/audit/signed-note.ts';
import type { AuditVerification } from '../../../protocol/http/audit.ts';
import type { CheckpointFile } from '../checkpoints/checkpoint-file.ts';
import { checkChains } from './chains.ts';
import { CheckpointWalk, notesInside } from './checkpoints.ts';
import { type Counts, FaultFound, noCounts } from './fault-found.ts';
import { Pages } from './pages.ts';
import { RecordCheck } from './records.ts';
import { checkTree } from './tree.ts';

/** Trust anchors that the database's owner cannot change. */
export interface Trust {
  /** Current and former keys of the log. */
  readonly keys: readonly VerifierKey[];
  readonly outside: Pick<CheckpointFile, 'notes'>;
}

/**
 * Verifies everything from the stored bytes, in pages, while the server runs: chains, logged events, tree, and the
 * roots signed in the database and outside. Memory does not grow with the log.
 * @param now start time
 * @param signal cancels the verification
 * @param counts counted up meanwhile, for those who watch
 * @throws the signal's reason
 */
export async function verifyAudit(
  ex: Executor,
  { keys, outside }: Trust,
  now: Date = new Date(),
  signal?: AbortSignal,
  counts: Counts = noCounts(),
): Promise<AuditVerification> {
  const walks: CheckpointWalk[] = [];
  const pages = new Pages(signal);
  const verified = async () => {
    await checkChains(ex, await RecordCheck.of(ex, counts, pages), counts, pages);
    // Checkpoints signed by now cover existing leaves only: the tree size is read after them.
    walks.push(
      new CheckpointWalk('inside', await notesInside(ex), keys, counts),
      new CheckpointWalk('outside', await outside.notes(), keys, counts),
    );
    for (const walk of walks) await walk.begin();
    await checkTree(ex, walks, counts, pages);
  };
  const startedAt = now.toISOString();
  try {
    await verified();
    return { valid: true, startedAt, ...counts };
  } catch (error) {
    if (!(error instanceof FaultFound)) throw error;
    return { valid: false, startedAt, ...counts, firstBad: error.fault };
  } finally {
    await Promise.all(walks.map((walk) => walk.close()));
  }
}
