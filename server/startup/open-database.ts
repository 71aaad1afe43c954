import { EmbeddedFolderError } from '../../db/embedded-folder.ts';
import { holdForProcess } from '../../db/exclusive.ts';
import type { Db } from '../../db/executor.ts';
import { movedTo } from '../../db/moved.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { waitForPostgres } from '../../db/postgres/wait.ts';
import type { Config, Secrets } from '../config.ts';
import type { Logger } from '../log.ts';
import { migratePostgres, migrateSchema } from './migrate-database.ts';
import type { Shutdown } from './shutdown.ts';

/** A server that is being replaced drains its sockets and commits its queue before it releases the database. */
const HANDOVER_MS = 10_000;

function holdDatabase(
  url: string,
  drainMs: number,
  log: Logger,
  signal: AbortSignal | undefined,
): ReturnType<typeof holdForProcess> {
  return holdForProcess({
    url,
    waitMs: drainMs + HANDOVER_MS,
    signal,
    onWait: (what, error) => log.warn({ err: error }, what),
    onTaken: (error) => {
      log.fatal(
        { err: error },
        'another server took over the database while the connection was lost; exiting without further writes. Acknowledged events are stored',
      );
      process.exit(1);
    },
  });
}

/** Two databases that each go on from the same state cannot be joined again. @throws EmbeddedFolderError */
function refuseMoved(dataDir: string): void {
  const moved = movedTo(dataDir);
  if (moved)
    throw new EmbeddedFolderError(
      `the embedded database in ${dataDir} was moved to PostgreSQL (${moved.where}): set DATABASE_URL. To go on with the embedded database instead, and without what PostgreSQL has recorded since, remove ${moved.file}`,
    );
}

export interface OwnDatabase extends OpenDatabase {
  /** No other process serves it: the lock says so. */
  readonly isAlone: boolean;
}

/**
 * The migrated database of this process.
 * @param wrap makes it fail or wait, in tests
 * @param stop ends the wait for PostgreSQL, for another server and for a migration
 */
export async function openOwnDatabase(
  config: Config,
  secrets: Secrets,
  log: Logger,
  shutdown: Shutdown,
  wrap?: (real: Db) => Db,
  stop?: AbortSignal,
): Promise<OwnDatabase> {
  if (secrets.databaseUrl === undefined) refuseMoved(config.dataDir);
  if (secrets.databaseUrl !== undefined)
    await waitForPostgres({
      url: secrets.databaseUrl,
      waitMs: config.databaseWaitMs,
      signal: stop,
      onWait: (error) => log.warn({ err: error }, 'database is not up yet; waiting for it'),
    });
  let isAlone = secrets.databaseUrl === undefined;
  if (secrets.databaseUrl !== undefined && config.databaseLock && secrets.natsUrl === undefined) {
    const held = await holdDatabase(secrets.databaseUrl, config.drainNoticeMs + config.drainMs, log, stop);
    isAlone = held.isFirst;
    shutdown.on('database-lock', held.release);
  }
  const { dataDir } = config;
  let migrated = secrets.databaseUrl && (await migratePostgres({ url: secrets.databaseUrl, dataDir }, log, stop));
  const database = await openDatabase({
    url: secrets.databaseUrl,
    dataDir,
    poolSize: config.databasePoolSize,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
    onBroken: (error) => {
      log.fatal(
        { err: error },
        'embedded database failed; exiting so that the supervisor restarts the server. Acknowledged events are stored',
      );
      process.exit(1);
    },
  });
  shutdown.on('database', () => database.close());
  migrated ??= await migrateSchema(database.db);
  log.info({ database: database.kind, durability: database.durability, migrated }, 'database is open');
  if (!wrap) return { ...database, isAlone };
  const db = wrap(database.db);
  // One query builder for everybody: a database that is made to fail fails for commits, too.
  return { ...database, isAlone, db, urgent: db, writer: db };
}
