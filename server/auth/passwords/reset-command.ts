import { writeFile } from 'node:fs/promises';
import { hasEmbedded, openDatabase } from '../../../db/open.ts';
import { putPasswordReset } from '../../../db/password-resets.ts';
import { findUserByEmail } from '../../../db/users.ts';
import { readReach } from '../../config.ts';
import { ownAddress, type OwnAddress } from '../../config/own-address.ts';
import { securePrivateFolder } from '../../folders/private-folder.ts';
import { removeResetFilesOf, type ResetFile, resetFolder, resetPath } from './reset-files.ts';
import { RESET_MS, resetPathOf } from './resets.ts';
import { randomToken, tokenHash } from '../logins/tokens.ts';

/** No link was created; the message says why. */
class NotMade extends Error {
  readonly code = 'not_made';
}

/** PostgreSQL: undefined_table. */
const NO_SUCH_TABLE = '42P01';

type Reach = ReturnType<typeof readReach>;

interface Link {
  readonly hash: Buffer;
  readonly email: string;
  readonly expiresAt: Date;
  readonly removeFactors: boolean;
}

async function storeInPostgres(
  { databaseUrl, dataDir }: Reach,
  { hash, email, expiresAt, removeFactors }: Link,
): Promise<void> {
  const opened = await openDatabase({ url: databaseUrl, dataDir, poolSize: 1 });
  try {
    const user = await findUserByEmail(opened.db, email);
    if (!user) throw new NotMade(`no account with the address ${email}`);
    if (user.disabled_at) throw new NotMade(`the account ${email} is disabled; an admin must enable it first`);
    await putPasswordReset(opened.db, {
      token_hash: hash,
      user_id: user.id,
      made_by: null,
      expires_at: expiresAt,
      remove_factors: removeFactors,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === NO_SUCH_TABLE)
      throw new NotMade('the database has not been migrated by a server of this version', { cause: error });
    if (error instanceof AggregateError)
      throw new NotMade(`cannot connect to the database: ${error.errors.map(String).join('; ')}`, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}

/**
 * The running server, or the next one, reads the file when the link is opened: only one process can open the embedded
 * database.
 */
async function storeAsFile({ dataDir }: Reach, { hash, email, expiresAt, removeFactors }: Link): Promise<void> {
  if (!hasEmbedded(dataDir))
    throw new NotMade(`no database in ${dataDir}; set DATA_DIR to its folder, or DATABASE_URL for PostgreSQL`);
  securePrivateFolder({ setting: 'DATA_DIR', path: resetFolder(dataDir) });
  await removeResetFilesOf(dataDir, email);
  const file: ResetFile = { email, expiresAt: expiresAt.toISOString(), removeFactors };
  await writeFile(resetPath(dataDir, hash), JSON.stringify(file), { mode: 0o600, flag: 'wx' });
}

export interface MadeLink {
  readonly link: string;
  readonly expiresAt: Date;
  /** Source of the link's base URL. */
  readonly addressFrom: OwnAddress['from'];
  /** Whether the account was verified; only the server can read the embedded database. */
  readonly accountFound: boolean;
}

/**
 * Creates a one-time reset link on behalf of the operator, with or without a running server. The token is in no file
 * and no log.
 * @throws Error with a `code` if none was created
 */
export async function makeResetLink(
  address: string,
  { url, removeFactors }: { url?: string | undefined; removeFactors: boolean },
  reach = readReach(),
): Promise<MadeLink> {
  const token = randomToken();
  const made: Link = {
    hash: tokenHash(token),
    email: address.trim().toLowerCase(),
    expiresAt: new Date(Date.now() + RESET_MS),
    removeFactors,
  };
  await (reach.databaseUrl === undefined ? storeAsFile(reach, made) : storeInPostgres(reach, made));
  const { base, from } = ownAddress(reach, url);
  return {
    link: base + resetPathOf(token),
    expiresAt: made.expiresAt,
    addressFrom: from,
    accountFound: reach.databaseUrl !== undefined,
  };
}
