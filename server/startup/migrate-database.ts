import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { DatabaseRefusedError } from '../../db/unavailable.ts';
import type { Logger } from '../log.ts';

/** An index of a large table takes minutes, and a lock is granted once a running dump has ended. */
const MIGRATION_MS = 24 * 3_600_000;
const SLOW_MS = 10_000;

/** SQLSTATEs insufficient_privilege and invalid_schema_name: no schema of the search path exists. */
const REFUSED: Readonly<Record<string, string>> = {
  42501:
    'Let the role own the database (ALTER DATABASE name OWNER TO role) or create tables (GRANT CREATE ON SCHEMA public TO role); if it is a role made by "audit role", run that command again',
  '3F000': 'Create the first schema of search_path, or reset it (ALTER ROLE role RESET search_path)',
};

/** @throws DatabaseRefusedError with the remedy if the role lacks a right */
export async function migrateSchema(db: OpenDatabase['db']): Promise<string[]> {
  try {
    return await migrate(db);
  } catch (error) {
    const remedy = REFUSED[(error as { code?: string }).code ?? ''];
    if (remedy === undefined) throw error;
    throw new DatabaseRefusedError(`the schema cannot be migrated: ${(error as Error).message}. ${remedy}`, {
      cause: error,
    });
  }
}

/**
 * Migrates PostgreSQL through a connection of its own, on which a statement can take as long as it needs.
 * @param stop leaves the migration, which PostgreSQL rolls back when the process ends. @throws its reason
 */
export async function migratePostgres(
  at: { readonly url: string; readonly dataDir: string },
  log: Logger,
  stop: AbortSignal | undefined,
): Promise<string[]> {
  stop?.throwIfAborted();
  const { db, close } = await openDatabase({ ...at, poolSize: 1, queryTimeoutMs: MIGRATION_MS });
  const slow = setTimeout(
    () => log.warn('migrating the schema takes long: tables are large, or other connections lock them (pg_dump)'),
    SLOW_MS,
  );
  const migrateAndClose = async () => {
    try {
      return await migrateSchema(db);
    } finally {
      await close();
    }
  };
  const migrating = migrateAndClose();
  try {
    return await Promise.race([migrating, aborted(stop)]);
  } finally {
    clearTimeout(slow);
    migrating.catch(() => {});
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
