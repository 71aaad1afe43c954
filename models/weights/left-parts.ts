import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Partial files without a writer, the given name first. Those of a killed process keep its pid. */
export async function leftParts(target: string): Promise<string[]> {
  const prefix = `${basename(target)}.part`;
  const names = (await readdir(dirname(target))).filter((name) => name === prefix || isOfDead(name, `${prefix}.`));
  return names.toSorted().map((name) => join(dirname(target), name));
}

function isOfDead(name: string, prefix: string): boolean {
  const pid = name.startsWith(prefix) ? /^(\d+)-\d+$/.exec(name.slice(prefix.length))?.[1] : undefined;
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** @returns false if there is nothing to move, as another process was faster */
export async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
