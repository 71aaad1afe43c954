import { closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Thrown when another live process holds the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly code = 'folder_locked';
}

/** What a process began and has not finished for so long was left behind. */
const ABANDONED_MS = 5000;

/** Start time of a process in clock ticks, field 22 of proc(5) stat; empty where there is no /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const identity = (pid: number) => `${pid} ${startTime(pid)}`;

/** A process id alone is not enough: ids are reused, and in a container the server is always process 1. */
function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return identity(pid) === holder;
}

function createExclusive(path: string, content: string): boolean {
  try {
    const fd = openSync(path, 'wx', 0o600);
    writeSync(fd, content);
    closeSync(fd);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isOld(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > ABANDONED_MS;
  } catch {
    return false;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** An empty lock is between being created and being written, unless it has been so for long. */
const isHeld = (path: string, holder: string) => (holder === '' ? !isOld(path) : isAlive(holder));

/** Removes a dead holder's lock. A second file makes the check and the removal one step among competitors. */
function clearStale(path: string): void {
  const guard = `${path}.takeover`;
  if (!createExclusive(guard, identity(process.pid))) {
    if (isOld(guard)) removeIfThere(guard);
    return;
  }
  try {
    const holder = readIfThere(path);
    if (holder !== undefined && !isHeld(path, holder)) removeIfThere(path);
  } finally {
    removeIfThere(guard);
  }
}

/**
 * Takes the lock file, or takes it over from a process that is dead.
 * @returns a function that releases it
 * @throws FolderLockedError while another process lives that holds it
 */
export function lockFolder(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine = identity(process.pid);
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createExclusive(path, mine)) {
      return () => {
        if (readIfThere(path) === mine) removeIfThere(path);
      };
    }
    const holder = readIfThere(path);
    if (holder !== undefined && isHeld(path, holder)) {
      throw new FolderLockedError(`${dirname(path)} is in use by process ${holder.split(' ')[0] || '(starting)'}; two processes on one folder lose data`);
    }
    clearStale(path);
  }
  throw new FolderLockedError(`${dirname(path)} is being opened by another process`);
}
