import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config/error.ts';
import { faultOfWay } from './path-trust.ts';

/** Group and others. */
const OTHERS = 0o077;
/** Writing by the group, and everything by others: what a folder may not have that a group is meant to read. */
const WRITERS = 0o027;
const STICKY = 0o1000;

/**
 * What a server makes in the folders that it is given: a folder with none of these, and with something else, is
 * another's.
 */
const OUR_NAMES =
  /^(pglite|pglite\.(?:lock|moved).*|jwt-secret|audit-key|evidence-key|resets|audit|evidence|models|resets|checkpoints|key|former-keys|unfinished|[0-9a-f]{2}|lost\+found)$/;

export interface PrivateFolder {
  /** The setting that names it. */
  readonly setting: string;
  readonly path: string;
  /** Whether a group may be let in to read. */
  readonly groupMayRead?: boolean;
}

/** Linux and macOS; elsewhere files have no such modes. */
const self = process.getuid?.();

const shown = (mode: number) => (mode & 0o7777).toString(8).padStart(4, '0');

function isAnothers(path: string): boolean {
  const names = readdirSync(path);
  return names.length > 0 && !names.some((name) => OUR_NAMES.test(name));
}

/** Takes the bits away. @throws ConfigError where that cannot be done, or should not */
function tighten({ setting, path, groupMayRead }: PrivateFolder): boolean {
  const bits = groupMayRead ? WRITERS : OTHERS;
  const { mode } = statSync(path);
  if ((mode & bits) === 0) return false;
  const open = `${setting}: others can enter ${path} (mode ${shown(mode)})`;
  if (mode & STICKY || isAnothers(path))
    throw new ConfigError(
      `${open}, and it looks as if it were not the server's alone: name a folder of its own, or chmod ${groupMayRead ? '750' : '700'} ${path}`,
    );
  try {
    chmodSync(path, mode & 0o777 & ~bits);
  } catch (error) {
    throw new ConfigError(`${open}, and that cannot be changed: ${(error as Error).message}`);
  }
  if (statSync(path).mode & bits)
    throw new ConfigError(`${open}, and its file system keeps no other modes: name a folder on one that does`);
  return true;
}

/**
 * Makes the folder if it is not there, and sees to it that nobody but this user (and root) can enter it, write in it,
 * or put another one in its place. What it had been open for, and holds, `tightenFiles` sees to.
 * @returns whether it had been open to others
 * @throws ConfigError with the setting's name and the reason
 */
export function securePrivateFolder(folder: PrivateFolder): boolean {
  const { setting, path } = folder;
  if (self === undefined) return false;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(`${setting}: ${(error as Error).message}`);
  }
  const fault = faultOfWay(path, self);
  if (fault !== undefined) throw new ConfigError(`${setting}: ${path} is not safe: ${fault}`);
  const { uid } = statSync(path);
  if (uid !== self) {
    throw new ConfigError(
      `${setting}: ${path} belongs to user ${uid}, and this process is user ${self}: chown it, or name a folder below it, which is made`,
    );
  }
  return tighten(folder);
}

/**
 * A file with a secret that an earlier start made: what others could have read is shut, what they could have written is
 * not believed.
 * @throws ConfigError
 */
export function securePrivateFile(path: string): void {
  if (self === undefined) return;
  const stat = lstatSync(path);
  if (!stat.isFile() || stat.uid !== self || stat.mode & 0o022)
    throw new ConfigError(
      `${path} could be written by others (user ${stat.uid}, mode ${shown(stat.mode)}): remove it, and a new one is made`,
    );
  tightenOne(path, OTHERS);
}

/**
 * Takes group and others away from one file or folder; symbolic links are left alone, and what they lead to. @returns
 * whether there was something to take
 */
function tightenOne(path: string, bits: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat || stat.isSymbolicLink() || (stat.mode & bits) === 0) return false;
  chmodSync(path, stat.mode & 0o7777 & ~bits);
  return true;
}

/**
 * Everything below a folder is its owner's only. Returns to the event loop after each folder.
 * @param except paths that are left out, with what is in them
 * @returns how many were open to others, and the first that could not be changed
 */
export async function tightenFiles(
  { path, groupMayRead }: PrivateFolder,
  except: readonly string[] = [],
): Promise<{ readonly changed: number; readonly failed: unknown }> {
  const result: { changed: number; failed: unknown } = { changed: 0, failed: undefined };
  if (self === undefined) return result;
  const bits = groupMayRead ? WRITERS : OTHERS;
  const left = new Set(except);
  const waiting = [realpathSync(path)];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    await new Promise((resolve) => setImmediate(resolve));
    for (const entry of entriesOf(folder)) {
      const at = join(folder, entry.name);
      if (left.has(at)) continue;
      try {
        if (tightenOne(at, bits)) result.changed += 1;
      } catch (error) {
        result.failed ??= error;
      }
      if (entry.isDirectory()) waiting.push(at);
    }
  }
  return result;
}

/** None of a folder that is gone meanwhile, or that root made for itself (`lost+found`). */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
