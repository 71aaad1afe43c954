import { snapshot } from '../../../db/audit/leaves.ts';
import { FolderLockedError } from '../../../db/lock.ts';
import { hasEmbedded, openDatabase } from '../../../db/open.ts';
import { readStore } from '../../config.ts';
import { securePrivateFolder } from '../../folders/private-folder.ts';
import { verifierKeyLines } from '../checkpoints/key-files.ts';
import { databaseSource, sessionSource } from '../export/database-source.ts';
import { writeExport } from '../export/writer.ts';
import { ProgressLine } from './progress-line.ts';

/** Nothing was exported; the message says why. */
class NotExported extends Error {
  readonly code = 'not_exported';
}

/** Query timeout, ms: enough for a page of a long log on a slow disk. */
const QUERY_TIMEOUT_MS = 600_000;
/** PostgreSQL: undefined_table. */
const NO_SUCH_TABLE = '42P01';

/**
 * `npm run audit -- export`: exports a snapshot of the log of the configured database. On PostgreSQL beside a running
 * server; the embedded database only while no server has it open.
 * @returns exit status
 * @throws Error with a `code` if nothing was exported
 */
export async function exportLog(file: string, session: string | undefined, store = readStore()): Promise<number> {
  const { databaseUrl, dataDir, auditDir } = store;
  if (databaseUrl === undefined && !hasEmbedded(dataDir))
    throw new NotExported(`no database in ${dataDir}; set DATA_DIR to its folder, or DATABASE_URL for PostgreSQL`);
  if (databaseUrl === undefined) securePrivateFolder({ setting: 'DATA_DIR', path: dataDir });
  const reading = { poolSize: 1, queryTimeoutMs: QUERY_TIMEOUT_MS, writes: false };
  const opened = await openDatabase({ url: databaseUrl, dataDir, ...reading }).catch((error: unknown) => {
    throw error instanceof FolderLockedError
      ? new NotExported('the embedded database is in use; stop the server before exporting')
      : error;
  });
  const line = new ProgressLine(process.stderr);
  try {
    const as = {
      key: verifierKeyLines(auditDir, 'key')[0] ?? null,
      formerKeys: verifierKeyLines(auditDir, 'former-keys'),
      at: new Date(),
    };
    const { written, waiting } = await snapshot(opened.db, async (tx) => {
      const source =
        session === undefined
          ? { ...(await databaseSource(tx, as)), waiting: 0 }
          : await sessionSource(tx, session, as);
      return {
        written: await writeExport(file, source, (records) =>
          line.show(records, Math.max(records, source.header.size)),
        ),
        waiting: source.waiting,
      };
    });
    line.clear();
    process.stdout.write(
      `${written.records} entries and ${written.checkpoints} checkpoints in ${file}, ${written.bytes} bytes\n`,
    );
    if (waiting > 0)
      process.stdout.write(`${waiting} entries of the session are not included: not covered by a checkpoint yet\n`);
    return 0;
  } catch (error) {
    line.clear();
    if ((error as { code?: unknown }).code === NO_SUCH_TABLE)
      throw new NotExported('no audit log: the database has not been migrated by a server of this version', {
        cause: error,
      });
    // From several tried addresses; it has no message of its own.
    if (error instanceof AggregateError)
      throw new NotExported(`cannot connect to the database: ${error.errors.map(String).join('; ')}`, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}
