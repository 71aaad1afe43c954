import { writeFile } from 'node:fs/promises';
import { hasEmbedded, openDatabase } from '../../../db/open.ts';
import { putPasswordReset } from '../../../db/password-resets.ts';
import { findUserByEmail } from '../../../db/users.ts';
import { readReach } from '../../config.ts';
import { securePrivateFolder } from '../../folders/private-folder.ts';
import { removeResetFilesOf, type ResetFile, resetFolder, resetPath } from './reset-files.ts';
import { RESET_MS, resetPathOf } from './resets.ts';
import { randomToken, tokenHash } from '../logins/tokens.ts';

/** No link was made: says why. */
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
    if (!user) throw new NotMade(`there is no account with the address ${email}`);
    if (user.disabled_at) throw new NotMade(`the account ${email} is disabled: an admin enables it first`);
    await putPasswordReset(opened.db, {
      token_hash: hash,
      user_id: user.id,
      made_by: null,
      expires_at: expiresAt,
      remove_factors: removeFactors,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === NO_SUCH_TABLE)
      throw new NotMade('no server of this version has opened this database yet', { cause: error });
    if (error instanceof AggregateError)
      throw new NotMade(`the database does not answer: ${error.errors.map(String).join('; ')}`, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}

/**
 * The server that runs, or the next one, looks there when the link is opened: only one process at a time can open the
 * embedded database.
 */
async function storeAsFile({ dataDir }: Reach, { hash, email, expiresAt, removeFactors }: Link): Promise<void> {
  if (!hasEmbedded(dataDir))
    throw new NotMade(
      `there is no database in ${dataDir}; DATA_DIR names its folder, or DATABASE_URL a PostgreSQL server`,
    );
  securePrivateFolder({ setting: 'DATA_DIR', path: resetFolder(dataDir) });
  await removeResetFilesOf(dataDir, email);
  const file: ResetFile = { email, expiresAt: expiresAt.toISOString(), removeFactors };
  await writeFile(resetPath(dataDir, hash), JSON.stringify(file), { mode: 0o600, flag: 'wx' });
}

const shownHost = (host: string) =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;

export interface MadeLink {
  readonly link: string;
  readonly expiresAt: Date;
  /** What the link's address was taken from. */
  readonly addressFrom: '--url' | 'PUBLIC_URL' | 'HOST and PORT';
  /** Whether the account was looked up; only the server can read the embedded database. */
  readonly accountFound: boolean;
}

function addressOf(
  url: string | undefined,
  reach: Reach,
): { readonly base: string; readonly from: MadeLink['addressFrom'] } {
  if (url !== undefined) return { base: url.replace(/\/+$/, ''), from: '--url' };
  const [publicUrl] = reach.publicUrls;
  return publicUrl === undefined
    ? { base: `http://${shownHost(reach.host)}:${reach.port}`, from: 'HOST and PORT' }
    : { base: publicUrl, from: 'PUBLIC_URL' };
}

/**
 * A one-time link for whoever is locked out, by the operator. Beside a running server or without one. The token is in
 * no file and no log.
 * @throws Error with a `code`, when none was made
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
  const { base, from } = addressOf(url, reach);
  return {
    link: base + resetPathOf(token),
    expiresAt: made.expiresAt,
    addressFrom: from,
    accountFound: reach.databaseUrl !== undefined,
  };
}
