import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Another live process holds the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly code = 'folder_locked';
}

/** Age from which an unfinished lock file counts as abandoned. */
const ABANDONED_MS = 5000;
/** flock(1) does not wait; a longer run counts as failed. */
const FLOCK_MS = 2000;

/** Start time of a process in clock ticks, field 22 of proc(5) stat; empty without /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Scope of process ids: one boot of one machine and one PID namespace. Empty without /proc. */
function readWorld(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

const world = readWorld();

const identity = (pid: number) => `${pid} ${startTime(pid)}`;

type KernelLock = 'taken' | 'held' | 'none';

/**
 * flock(2) on the folder: exclusive also across containers, and released by the kernel however its holder ends. Node
 * has no call for it, so flock(1) locks the inherited file descriptor, which this process keeps open. `none`: no such
 * program, or the file system does not support it.
 */
function lockByKernel(fd: number): KernelLock {
  const { status } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd], timeout: FLOCK_MS });
  return status === 0 ? 'taken' : status === 1 ? 'held' : 'none';
}

/** A process id alone does not suffice: ids are reused, and in a container the server is always process 1. */
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

/**
 * @param holder content of the lock file: process id, start time, scope and type of lock
 * @returns `unknown` for a holder in another container or machine
 */
function stateOf(path: string, holder: string, kernel: KernelLock): 'held' | 'free' | 'unknown' {
  // Just created and not yet written, unless that was long ago.
  if (holder === '') return isOld(path) ? 'free' : 'held';
  const [, who, where, by] = /^(\d+ \d*) (\S*) (kernel|file)$/.exec(holder) ?? [undefined, holder, world];
  // The kernel lock is ours, so the previous holder is gone.
  if (by === 'kernel' && kernel === 'taken') return 'free';
  if (where !== world) return 'unknown';
  return isAlive(who) ? 'held' : 'free';
}

/** Removes the lock of a dead holder. A second file makes check and removal atomic among competitors. */
function clearStale(path: string, kernel: KernelLock): void {
  const guard = `${path}.takeover`;
  if (!createExclusive(guard, identity(process.pid))) {
    if (isOld(guard)) removeIfThere(guard);
    return;
  }
  try {
    const holder = readIfThere(path);
    if (holder !== undefined && stateOf(path, holder, kernel) === 'free') removeIfThere(path);
  } finally {
    removeIfThere(guard);
  }
}

/** @throws FolderLockedError if another process holds the file, or may hold it */
function takeFile(path: string, kernel: KernelLock): string {
  const mine = `${identity(process.pid)} ${world} ${kernel === 'taken' ? 'kernel' : 'file'}`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createExclusive(path, mine)) return mine;
    const holder = readIfThere(path);
    const state = holder === undefined ? 'free' : stateOf(path, holder, kernel);
    if (state === 'held') throw inUse(path, holder);
    if (state === 'unknown')
      throw new FolderLockedError(
        `${dirname(path)} may be in use in another container or on another machine; if it is not, remove ${path}`,
      );
    clearStale(path, kernel);
  }
  throw new FolderLockedError(`${dirname(path)} is being opened by another process`);
}

const inUse = (path: string, holder: string | undefined) =>
  new FolderLockedError(
    `${dirname(path)} is in use by process ${holder?.split(' ')[0] || '(starting)'}; two processes on one folder lose data`,
  );

/**
 * Locks the folder of the file, taking over from a dead process: by kernel lock where available, and by a file that
 * names the holder. Without kernel locks, the file alone decides, by process id.
 * @returns release function
 * @throws FolderLockedError if another live process holds it, or that cannot be determined
 */
export function lockFolder(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(dirname(path), 'r');
  try {
    const kernel = lockByKernel(fd);
    if (kernel === 'held') throw inUse(path, readIfThere(path));
    const mine = takeFile(path, kernel);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      if (readIfThere(path) === mine) removeIfThere(path);
      closeSync(fd);
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
