import { spawnSync } from 'node:child_process';
import { openFileLimit } from '../../server/http/edge/open-files.ts';

/** Files of a server or a load generator besides its sockets, and the connections that tickets are fetched on. */
const OTHERS = 600;

/**
 * Makes room for so many sockets in this process and in those that it starts, by prlimit(1) where that is there and
 * allowed.
 * @returns why there is none; undefined when there is, or when nobody can tell
 */
export function makeRoom(sockets: number): string | undefined {
  const wanted = sockets + OTHERS;
  const before = openFileLimit();
  if (before === undefined || before >= wanted) return undefined;
  spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${wanted}:${wanted}`], { stdio: 'ignore' });
  const now = openFileLimit() ?? 0;
  return now >= wanted
    ? undefined
    : `${sockets} sockets are left out: a process may have ${now} files open (ulimit -n), and this one must not raise that`;
}
