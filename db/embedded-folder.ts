import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Major version of PostgreSQL whose files this release of PGlite reads. */
const EMBEDDED_MAJOR = '18';

/** The folder holds something else than a database that can be opened; opening it must not make a new one. */
export class EmbeddedFolderError extends Error {
  override readonly name = 'EmbeddedFolderError';
  readonly code = 'database_damaged';
}

const RESTORE =
  'Nothing was changed. Restore DATA_DIR from a backup, or move the folder away to begin with an empty database';

/**
 * Refuses a folder in which PGlite would create a new database over an existing one, or end without a reason.
 * @throws EmbeddedFolderError
 */
function checkEmbeddedFolder(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  const version = join(folder, 'PG_VERSION');
  if (!existsSync(version))
    throw new EmbeddedFolderError(
      `${folder} has files but no PG_VERSION: it is a damaged database or none. ${RESTORE}`,
    );
  const major = readFileSync(version, 'latin1').trim().slice(0, 20);
  if (major !== EMBEDDED_MAJOR)
    throw new EmbeddedFolderError(
      `${folder} was made by PostgreSQL ${JSON.stringify(major)}, and this release reads ${EMBEDDED_MAJOR}. Nothing was changed. Start the release that made it, or restore DATA_DIR from a backup`,
    );
}

/** Error of the engine in words: it says `Aborted()` for every damage. */
export const damaged = (folder: string, cause: unknown): EmbeddedFolderError =>
  new EmbeddedFolderError(
    `the embedded database in ${folder} cannot be opened (${cause instanceof Error ? cause.message : String(cause)}): its files are damaged or incomplete. ${RESTORE}`,
    { cause },
  );

/**
 * Prepares the folder for PGlite. A start that was killed while it created the database is repeated: its folder is
 * incomplete, and is kept under another name, since a backup may have been restored into it meanwhile.
 * @returns to be called once the database is open
 * @throws EmbeddedFolderError
 */
export function prepareEmbeddedFolder(folder: string): () => void {
  const creating = `${folder}.creating`;
  if (existsSync(creating) && existsSync(folder)) renameSync(folder, `${folder}.incomplete-${Date.now()}`);
  checkEmbeddedFolder(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length === 0) writeFileSync(creating, '', { mode: 0o600 });
  return () => rmSync(creating, { force: true });
}
