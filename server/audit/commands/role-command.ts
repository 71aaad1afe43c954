import { grantAppRole } from '../../../db/app-role.ts';
import { migrate } from '../../../db/migrate.ts';
import { openDatabase } from '../../../db/open.ts';
import { readStore } from '../../config.ts';

/** No rights were given: says why. */
class NotGranted extends Error {
  readonly code = 'not_granted';
}

/** PostgreSQL: insufficient_privilege. */
const NOT_ALLOWED = '42501';

/**
 * `npm run audit -- role`: migrates the database that the environment names, and gives a role what a server needs and
 * nothing that changes the audit log. `DATABASE_URL` is the owner's here.
 * @returns the exit status
 * @throws Error with a `code`, when no rights were given
 */
export async function grantRole(role: string, { databaseUrl, dataDir } = readStore()): Promise<number> {
  if (databaseUrl === undefined)
    throw new NotGranted(
      'the embedded database has no roles: DATABASE_URL has to name a PostgreSQL server, as the owner of its tables',
    );
  const opened = await openDatabase({ url: databaseUrl, dataDir, poolSize: 1 });
  try {
    const migrated = await migrate(opened.db);
    await opened.db.transaction().execute((tx) => grantAppRole(tx, role));
    process.stdout.write(
      `${migrated.length} migrations; ${role} may do all that a server does, and cannot change the audit log\n`,
    );
    return 0;
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_ALLOWED)
      throw new NotGranted(
        `DATABASE_URL has to be that of the tables' owner, who may make roles: ${(error as Error).message}`,
        { cause: error },
      );
    if (error instanceof RangeError) throw new NotGranted(error.message, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}
