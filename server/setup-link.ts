import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Passes on the one-time link that makes an admin. Where standard output is not a terminal, it is collected and read by
 * others: the link then goes to a file of the data folder that only the server's user can read.
 * @param link undefined once there is an admin: the file of an earlier start is removed
 */
export function offerSetupLink(link: string | undefined, dataDir: string, out: Terminal): void {
  const path = join(dataDir, 'setup-link');
  // Not written in place: an existing file may have another mode.
  rmSync(path, { force: true });
  if (link === undefined) return;
  if (!out.isTTY) writeFileSync(path, `${link}\n`, { mode: 0o600, flag: 'wx' });
  const where = out.isTTY ? `Create one here:\n  ${link}` : `The link for creating one is in this file:\n  ${path}`;
  out.write(`\n  No admin account yet. ${where}\n  The link works once, within 24 hours; restart for a new one.\n\n`);
}
