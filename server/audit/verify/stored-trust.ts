import { join } from 'node:path';
import { parseVerifierKey } from '../../../protocol/audit/signed-note.ts';
import { CheckpointFile } from '../checkpoints/checkpoint-file.ts';
import { verifierKeyLines } from '../checkpoints/key-files.ts';
import { sha256 } from '../tree/hashes.ts';
import type { Trust } from './verify.ts';

/** Keys and checkpoints as a server left them in `AUDIT_DIR`, for a command that signs nothing. */
export async function storedTrust(auditDir: string): Promise<Trust> {
  const lines = [...verifierKeyLines(auditDir, 'key'), ...verifierKeyLines(auditDir, 'former-keys')];
  return {
    keys: await Promise.all([...new Set(lines)].map((line) => parseVerifierKey(line, sha256))),
    outside: new CheckpointFile(join(auditDir, 'checkpoints')),
  };
}
