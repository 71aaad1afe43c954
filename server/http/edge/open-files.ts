import { readFileSync } from 'node:fs';

/**
 * Limit of open files and sockets of this process, where the system tells it (Linux). Node raises the soft limit to the
 * hard limit.
 */
export function openFileLimit(): number | undefined {
  try {
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    return Number.isFinite(limit) ? limit : undefined;
  } catch {
    return undefined;
  }
}
