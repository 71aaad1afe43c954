import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Major version of PostgreSQL whose files this release of PGlite reads. */
export const EMBEDDED_MAJOR = '18';

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
export function checkEmbeddedFolder(folder: string): void {
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
 * Notes that a database is being created, so that a start that was killed meanwhile can be repeated: its folder is
 * incomplete, and nothing was ever stored in it.
 */
export class Creation {
  readonly #mark: string;

  constructor(folder: string) {
    this.#mark = `${folder}.creating`;
    if (existsSync(this.#mark)) rmSync(folder, { recursive: true, force: true });
  }

  begin(): void {
    writeFileSync(this.#mark, '', { mode: 0o600 });
  }

  end(): void {
    rmSync(this.#mark, { force: true });
  }
}
