import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from './log.ts';

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A full disk has no room for the file; it is written once there is. */
const RETRY_MS = 5000;

/**
 * Passes on the one-time link that makes an admin. Where standard output is not a terminal, it is collected and read by
 * others: the link then goes to a file of the data folder that only the server's user can read.
 * @param link undefined once there is an admin: the file of an earlier start is removed
 */
export function offerSetupLink(link: string | undefined, dataDir: string, out: Terminal, log: Logger): void {
  const path = join(dataDir, 'setup-link');
  // Not written in place: an existing file may have another mode.
  rmSync(path, { force: true });
  if (link === undefined) return;
  if (out.isTTY) tell(out, `Create one here:\n  ${link}`);
  else store(path, link, log, () => tell(out, `The link for creating one is in this file:\n  ${path}`));
}

function tell(out: Terminal, where: string): void {
  out.write(`\n  No admin account yet. ${where}\n  The link works once, within 24 hours; restart for a new one.\n\n`);
}

function store(path: string, link: string, log: Logger, stored: () => void, isFirst = true): void {
  try {
    writeFileSync(path, `${link}\n`, { mode: 0o600, flag: 'wx' });
    stored();
  } catch (error) {
    // It may be there, without its content.
    rmSync(path, { force: true });
    if (isFirst) log.error({ err: error }, 'the link for creating the first admin cannot be stored; trying again');
    setTimeout(() => store(path, link, log, stored, false), RETRY_MS).unref();
  }
}
