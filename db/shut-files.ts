import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;

/**
 * Removes group and other permissions from everything below a folder. PGlite ignores the umask of the process: its
 * initial archive has its own modes (0666), and new files follow its own umask (0644).
 */
export function shutFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isSymbolicLink() && (stat.mode & OTHERS) !== 0) chmodSync(path, stat.mode & 0o7777 & ~OTHERS);
  }
}
