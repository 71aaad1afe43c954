import { FolderLockedError } from '../../db/lock.ts';
import { MIGRATIONS } from '../../db/migrate.ts';
import { prepareToMove } from '../../db/move/rows.ts';
import { listMigrations, listTables, type Table } from '../../db/move/tables.ts';
import { hasEmbedded, openDatabase } from '../../db/open.ts';
import type { Tx } from '../../db/executor.ts';
import { securePrivateFolder } from '../folders/private-folder.ts';
import { NotMoved } from './error.ts';

export interface Source {
  readonly tx: Tx;
  readonly tables: readonly Table[];
}

/**
 * Opens the embedded database of a folder, which keeps servers away from it, and reads from it in one transaction.
 * @throws NotMoved
 */
export async function withSource<T>(dataDir: string, work: (source: Source) => Promise<T>): Promise<T> {
  if (!hasEmbedded(dataDir))
    throw new NotMoved(`no embedded database in ${dataDir}: name its DATA_DIR with --from FOLDER`);
  securePrivateFolder({ setting: 'DATA_DIR', path: dataDir });
  const opened = await openDatabase({ url: undefined, dataDir }).catch((error: unknown) => {
    throw error instanceof FolderLockedError
      ? new NotMoved(`${error.message}. Stop the server first: what it records during the move would be lost`)
      : error;
  });
  try {
    return await opened.db.transaction().execute(async (tx) => {
      const applied = (await listMigrations(tx)) ?? [];
      const known = Object.keys(MIGRATIONS);
      if (applied.length !== known.length || applied.some((name) => !known.includes(name)))
        throw new NotMoved(
          `the embedded database in ${dataDir} was left by another release (${applied.at(-1) ?? 'no migration'}; this one has ${known.at(-1)}). Start this release on it once, stop it, and run the command again`,
        );
      await prepareToMove(tx);
      return work({ tx, tables: await listTables(tx) });
    });
  } finally {
    await opened.close();
  }
}
