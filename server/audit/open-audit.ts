import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVerifierKey, type VerifierKey } from '../../protocol/audit/signed-note.ts';
import { CheckpointFile } from './checkpoints/checkpoint-file.ts';
import { verifierKeyLines } from './checkpoints/key-files.ts';
import { Signer } from './checkpoints/signer.ts';
import { sha256 } from './tree/hashes.ts';
import { TreeWriter, type TreeWriterParts } from './tree/tree-writer.ts';
import { VerificationJob } from './verify/verification-job.ts';
import { AuditVerifier } from './verify/verifier.ts';

export interface AuditTree {
  readonly writer: TreeWriter;
  readonly signer: Signer;
  readonly verifier: AuditVerifier;
  readonly verification: VerificationJob;
}

/**
 * Creates the tree writer, not started.
 * @param folder outside the database: `checkpoints`; `key`, the verifier key; `former-keys`, earlier ones
 * @param seed of the signing key, 32 bytes
 */
export async function openAudit(
  parts: Omit<TreeWriterParts, 'signer' | 'outside'>,
  folder: string,
  seed: Uint8Array,
): Promise<AuditTree> {
  const signer = new Signer(seed);
  const key = await signer.verifierKey();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const former = await keepKey(folder, key);
  parts.log.info({ key }, 'signing key of audit log checkpoints');
  const outside = new CheckpointFile(join(folder, 'checkpoints'));
  const verifier = new AuditVerifier({ ...parts, keys: [signer.key, ...former], outside });
  const verification = new VerificationJob({ ...parts, verifier });
  return { signer, verifier, verification, writer: new TreeWriter({ ...parts, signer, outside }) };
}

/** Records a former key, so that its signatures stay valid. @returns former keys */
async function keepKey(folder: string, key: string): Promise<VerifierKey[]> {
  const [path, formerPath] = [join(folder, 'key'), join(folder, 'former-keys')];
  const former = verifierKeyLines(folder, 'former-keys');
  const last = verifierKeyLines(folder, 'key').at(-1);
  if (last !== undefined && last !== key && !former.includes(last)) {
    await appendFile(formerPath, `${last}\n`, { mode: 0o600 });
    former.push(last);
  }
  if (last !== key) {
    // Not in place: a full disk would leave it empty.
    const fresh = `${path}.new`;
    await writeFile(fresh, `${key}\n`, { mode: 0o600 });
    await rename(fresh, path);
  }
  return Promise.all(former.filter((line) => line !== key).map((line) => parseVerifierKey(line, sha256)));
}
