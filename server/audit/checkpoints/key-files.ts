import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a file with verifier keys beside the checkpoints; none if the audit folder is on another machine. */
export function verifierKeyLines(auditDir: string, name: 'key' | 'former-keys'): string[] {
  const path = join(auditDir, name);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
