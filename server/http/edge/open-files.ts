import { readFileSync } from 'node:fs';

/**
 * Files and sockets that this process may have open, where the system says so (Linux); Node raises the soft limit to
 * the hard one.
 */
export function openFileLimit(): number | undefined {
  try {
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    return Number.isFinite(limit) ? limit : undefined;
  } catch {
    return undefined;
  }
}
