import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const markOf = (dataDir: string) => join(dataDir, 'pglite.moved');

/** Notes that the embedded database of the folder was moved. @param where without a password */
export function markMoved(dataDir: string, where: string, at: Date): void {
  writeFileSync(markOf(dataDir), `${where} ${at.toISOString()}\n`, { mode: 0o600 });
}

/** Where and when it was moved, and the file that says so. */
export function movedTo(dataDir: string): { readonly file: string; readonly where: string } | undefined {
  const file = markOf(dataDir);
  return existsSync(file) ? { file, where: readFileSync(file, 'utf8').trim() } : undefined;
}
