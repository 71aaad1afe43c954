import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ProofParts } from '../proofs.ts';
import { NothingToExport, sessionSource } from './database-source.ts';
import { writeExport } from './writer.ts';

/** Export of one session as bytes: some kilobytes per entry. @throws ProtocolError `not_found`, `no_checkpoint_yet` */
export async function sessionFile(
  { db, verifierKey }: ProofParts,
  session: string,
  at = new Date(),
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-audit-'));
  try {
    const path = join(folder, 'session.audit');
    // No transaction, which would block the embedded database: data under a checkpoint does not change.
    await writeExport(path, await sessionSource(db, session, { key: verifierKey, at }));
    return await readFile(path);
  } catch (error) {
    if (!(error instanceof NothingToExport)) throw error;
    throw error.reason === 'unknown'
      ? new ProtocolError('not_found', error.message)
      : new ProtocolError('no_checkpoint_yet', error.message, { retryable: true, retryAfterSeconds: 10 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
