import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import { BYTEA } from './embedded-bytes.ts';
import { checkFree, type EmbeddedOptions, guardEmbedded } from './embedded.ts';
import { damaged, prepareEmbeddedFolder } from './embedded-folder.ts';
import { GROUP_WRITE } from './group-write.ts';
import { lockFolder } from './lock.ts';
import { pgliteDialect } from './pglite-dialect.ts';
import { postgresPool } from './postgres/pool.ts';
import { Servers } from './postgres/servers.ts';
import { shutFiles } from './shut-files.ts';
import type { Schema } from './schema/database.ts';

/** What acknowledged rows survive: a crash of this process, or also a power loss. */
export type Durability = 'process-crash' | 'power-loss';

export interface OpenDatabase {
  readonly db: Kysely<Schema>;
  /**
   * The same database for work that a running exam waits for. The embedded database runs statements one at a time, so
   * these have their own queue, and the two queues take turns; otherwise a storm of requests would delay every
   * acknowledgement. A transaction that an urgent statement waits for finishes without yielding to the event loop,
   * within a bound.
   */
  readonly urgent: Kysely<Schema>;
  /** For the write queue alone. With PostgreSQL it has a connection of its own, whatever else is in progress. */
  readonly writer: Kysely<Schema>;
  /** Connections of `db`; undefined for the embedded database. */
  readonly connections: number | undefined;
  /**
   * Whether writes are taken: asks PostgreSQL, through the writer's connection, or the file system of the embedded
   * database. @throws DatabaseUnavailableError, or Error `53100`
   */
  readonly check: () => Promise<void>;
  readonly kind: 'pglite' | 'postgres';
  readonly durability: Durability;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://` or `postgresql://`, as libpq reads it; undefined opens the embedded database. */
  readonly url: string | undefined;
  /** Folder of the embedded database. */
  readonly dataDir: string;
  /** Maximum connections to PostgreSQL; from 2 on, one of them is the writer's. */
  readonly poolSize?: number;
  /** False: a standby will do. */
  readonly writes?: boolean;
  /** Query timeout of PostgreSQL, ms; the connection is closed after it. */
  readonly queryTimeoutMs?: number;
  /** For the embedded database: see `guardEmbedded`. */
  readonly onBroken?: (error: Error) => void;
  readonly minFreeBytes?: number;
  readonly minFreeInodes?: number;
  /** Called when an idle connection of the pool breaks. */
  readonly onError?: (error: Error) => void;
}

/**
 * Opens PostgreSQL if a URL is given, else PGlite in `dataDir/pglite`.
 * @throws FolderLockedError if another process has the folder open, EmbeddedFolderError if it holds no whole database,
 *   Error `53100` if its file system is full
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  return options.url === undefined ? openEmbedded(options.dataDir, options) : openPostgres(options.url, options);
}

/** Whether an embedded database exists; opening one would create it. */
export const hasEmbedded = (dataDir: string): boolean => existsSync(join(dataDir, 'pglite'));

async function openEmbedded(dataDir: string, options: EmbeddedOptions): Promise<OpenDatabase> {
  const folder = join(dataDir, 'pglite');
  const release = lockFolder(join(dataDir, 'pglite.lock'));
  try {
    const isOpen = prepareEmbeddedFolder(folder);
    checkFree(folder, options);
    const engine = await PGlite.create(folder, BYTEA).catch((error: unknown) => {
      throw damaged(folder, error);
    });
    const lines = guardEmbedded(engine, folder, options);
    // Runs a query, so that files created by the first one exist.
    await lines.ordinary.query('SELECT 1');
    isOpen();
    shutFiles(folder);
    // Each has its own queue before the engine.
    const [db, urgent] = [
      new Kysely<Schema>({ dialect: pgliteDialect(lines.ordinary) }),
      new Kysely<Schema>({ dialect: pgliteDialect(lines.urgent) }),
    ];
    return {
      db,
      urgent,
      writer: urgent,
      connections: undefined,
      check: () => Promise.resolve().then(() => checkFree(folder, options)),
      kind: 'pglite',
      durability: 'process-crash',
      close: async () => {
        await db.destroy();
        if (!lines.ordinary.closed) await lines.ordinary.close();
        shutFiles(folder);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Statements that are prepared once per connection. */
const NAMED = new Map([[GROUP_WRITE, 'group_write']]);

const DEFAULT_POOL_SIZE = 10;

function openPostgres(url: string, options: DatabaseOptions): OpenDatabase {
  const { poolSize = DEFAULT_POOL_SIZE, queryTimeoutMs, writes, onError } = options;
  const servers = new Servers(url, { writes });
  const shared = { queryTimeoutMs, names: NAMED, onError };
  const pool = postgresPool(servers, { size: Math.max(1, poolSize - 1), ...shared });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  // The writer is one loop: a second connection would never be used.
  const writerPool = postgresPool(servers, { size: 1, suffix: '-writer', ...shared });
  const writer = poolSize > 1 ? new Kysely<Schema>({ dialect: new PostgresDialect({ pool: writerPool }) }) : db;
  return {
    db,
    urgent: db,
    writer,
    connections: Math.max(1, poolSize - 1),
    check: () => (poolSize > 1 ? writerPool : pool).check(),
    kind: 'postgres',
    durability: 'power-loss',
    close: async () => {
      await db.destroy();
      if (writer !== db) await writer.destroy();
      // Kysely ends a pool only if it has used it.
      await Promise.all([pool.end(), writerPool.end()]);
    },
  };
}
