import { lstat, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * Reset links that `npm run account` leaves for the server that has the embedded database open. Write access to
 * DATA_DIR already implies full control.
 */
export const ResetFile = z.object({
  email: z.string().toLowerCase(),
  expiresAt: z.iso.datetime({ offset: true }),
  removeFactors: z.boolean(),
});
export type ResetFile = z.infer<typeof ResetFile>;

const MAX_BYTES = 4096;

export const resetFolder = (dataDir: string): string => join(dataDir, 'resets');

/** Named by the hash of the token, so that reading the folder reveals no token. */
export const resetPath = (dataDir: string, tokenHash: Buffer): string =>
  join(resetFolder(dataDir), `${tokenHash.toString('hex')}.json`);

/** Files not written by the server's own user or root are ignored. */
async function readOwn(path: string): Promise<string | undefined> {
  const { uid, mode, size } = await lstat(path);
  const own = process.getuid?.();
  const isOurs = own === undefined || uid === own || uid === 0;
  // A regular file that only its owner can write.
  return (mode & 0o170000) === 0o100000 && (mode & 0o022) === 0 && isOurs && size <= MAX_BYTES
    ? readFile(path, 'utf8')
    : undefined;
}

function parse(text: string): ResetFile | undefined {
  try {
    return ResetFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @returns undefined if there is no link with this token or it has expired at `now` */
export async function findResetFile(dataDir: string, tokenHash: Buffer, now: number): Promise<ResetFile | undefined> {
  const text = await readOwn(resetPath(dataDir, tokenHash)).catch(() => undefined);
  const reset = text === undefined ? undefined : parse(text);
  return reset && Date.parse(reset.expiresAt) > now ? reset : undefined;
}

/** @returns false if another request was first */
export async function removeResetFile(dataDir: string, tokenHash: Buffer): Promise<boolean> {
  return unlink(resetPath(dataDir, tokenHash)).then(
    () => true,
    () => false,
  );
}

/** Voids earlier links of an account after its password was set. */
export async function removeResetFilesOf(dataDir: string, email: string): Promise<void> {
  const folder = resetFolder(dataDir);
  for (const name of await readdir(folder).catch(() => [])) {
    const text = await readOwn(join(folder, name)).catch(() => undefined);
    if (text !== undefined && parse(text)?.email === email) await unlink(join(folder, name)).catch(() => {});
  }
}
