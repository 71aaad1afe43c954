import { grantAppRole } from '../../../db/app-role.ts';
import { migrate } from '../../../db/migrate.ts';
import { openDatabase } from '../../../db/open.ts';
import { readStore } from '../../config.ts';

/** No rights were granted; the message says why. */
class NotGranted extends Error {
  readonly code = 'not_granted';
}

/** PostgreSQL: insufficient_privilege. */
const NOT_ALLOWED = '42501';

/**
 * `npm run audit -- role`: migrates the configured database, and grants a role the rights of a server, which exclude
 * changes to the audit log. `DATABASE_URL` must be the owner's.
 * @returns exit status
 * @throws Error with a `code` if no rights were granted
 */
export async function grantRole(role: string, { databaseUrl, dataDir } = readStore()): Promise<number> {
  if (databaseUrl === undefined)
    throw new NotGranted(
      'the embedded database has no roles; set DATABASE_URL to a PostgreSQL server, as the owner of its tables',
    );
  const opened = await openDatabase({ url: databaseUrl, dataDir, poolSize: 1 });
  try {
    const migrated = await migrate(opened.db);
    await opened.db.transaction().execute((tx) => grantAppRole(tx, role));
    process.stdout.write(
      `${migrated.length} migrations; ${role} has the rights of a server and cannot change the audit log\n`,
    );
    return 0;
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_ALLOWED)
      throw new NotGranted(
        `DATABASE_URL must be that of the tables' owner, with the right to create roles: ${(error as Error).message}`,
        { cause: error },
      );
    if (error instanceof RangeError) throw new NotGranted(error.message, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}
