import { spawnSync } from 'node:child_process';
import { openFileLimit } from '../../server/http/edge/open-files.ts';

/** Open files of a server or a load generator besides its sockets, and the connections used to fetch tickets. */
const OTHERS = 600;

/**
 * Raises the limit of open files of this process and its future children for this many sockets, by prlimit(1) if
 * available and permitted.
 * @returns the reason if that fails; undefined on success or if it cannot be determined
 */
export function makeRoom(sockets: number): string | undefined {
  const wanted = sockets + OTHERS;
  const before = openFileLimit();
  if (before === undefined || before >= wanted) return undefined;
  spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${wanted}:${wanted}`], { stdio: 'ignore' });
  const now = openFileLimit() ?? 0;
  return now >= wanted
    ? undefined
    : `${sockets} sockets skipped: a process may have at most ${now} files open (ulimit -n), and this one is not permitted to raise that`;
}
