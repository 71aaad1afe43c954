import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointFile } from './checkpoint-file.ts';
import { Signer } from './signer.ts';
import { TreeWriter, type TreeWriterParts } from './tree-writer.ts';

export interface AuditTree {
  readonly writer: TreeWriter;
  readonly signer: Signer;
}

/**
 * The tree's writer, not yet started.
 * @param folder outside the database: `checkpoints`, and `key`, the public key as verifiers take it
 * @param seed of the key that signs, 32 bytes
 */
export async function openAudit(parts: Omit<TreeWriterParts, 'signer' | 'outside'>, folder: string, seed: Uint8Array): Promise<AuditTree> {
  const signer = new Signer(seed);
  const key = await signer.verifierKey();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'key'), `${key}\n`, { mode: 0o600 });
  parts.log.info({ key }, 'checkpoints of the audit log are signed with this key');
  return { signer, writer: new TreeWriter({ ...parts, signer, outside: new CheckpointFile(join(folder, 'checkpoints')) }) };
}
