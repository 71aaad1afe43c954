import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { lockFolder } from './lock.ts';
import type { Schema } from './schema/database.ts';

/** What an acknowledged row survives: a crash of this process, or also a power cut. */
export type Durability = 'process-crash' | 'power-loss';

export interface OpenDatabase {
  readonly db: Kysely<Schema>;
  readonly kind: 'pglite' | 'postgres';
  readonly durability: Durability;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://` or `postgresql://`; undefined opens the embedded database. */
  readonly url: string | undefined;
  /** Folder of the embedded database. */
  readonly dataDir: string;
  /** Connections to PostgreSQL, at most. */
  readonly poolSize?: number;
  /** A connection of the pool broke while idle. */
  readonly onError?: (error: Error) => void;
}

/**
 * Opens PostgreSQL when there is a URL, else PGlite in `dataDir/pglite`.
 * @throws FolderLockedError when another process has the folder open
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  return options.url === undefined ? openEmbedded(options.dataDir) : openPostgres(options.url, options);
}

async function openEmbedded(dataDir: string): Promise<OpenDatabase> {
  const folder = join(dataDir, 'pglite');
  const release = lockFolder(join(dataDir, 'pglite.lock'));
  try {
    mkdirSync(folder, { recursive: true });
    const pglite = await PGlite.create(folder);
    const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
    return {
      db,
      kind: 'pglite',
      durability: 'process-crash',
      close: async () => {
        await db.destroy();
        if (!pglite.closed) await pglite.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function openPostgres(url: string, options: DatabaseOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 5000,
    // A vanished server must not hold the writer forever.
    query_timeout: 15_000,
    keepAlive: true,
  });
  // Without a listener a broken idle connection would end the process.
  pool.on('error', (error) => options.onError?.(error));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { db, kind: 'postgres', durability: 'power-loss', close: () => db.destroy() };
}
