import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What some tests need and a fresh clone does not have. Where it is absent they are skipped and say so in their names;
 * where `INVIGIL_TEST_REQUIRE` lists it (`postgres,shared,chromium`), its absence is a failure.
 */
const required = new Set((process.env['INVIGIL_TEST_REQUIRE'] ?? '').split(',').filter(Boolean));

function optional<T>(name: string, value: T | undefined): T | undefined {
  if (value === undefined && required.has(name))
    throw new Error(`these tests must run with ${name}, and it is not there`);
  return value;
}

/** A PostgreSQL server on which databases may be created. */
export const postgresUrl = optional('postgres', process.env['TEST_DATABASE_URL'] || undefined);

/** Folder of PostgreSQL's server programs as Debian and its like have them, of the newest version that is installed. */
function findPrograms(): string | undefined {
  const all = '/usr/lib/postgresql';
  const versions = existsSync(all) ? readdirSync(all).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(all, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

/** For tests that stop, freeze or fill a server of their own. */
export const postgresPrograms = optional('postgres', findPrograms());

const CHROMIUM = '/usr/bin/chromium';

/** Path of a browser. */
export const chromiumPath = optional('chromium', existsSync(CHROMIUM) ? CHROMIUM : undefined);

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

/** Folder of material that is kept beside the project: photos, public weights, test vectors. */
export const sharedFolder = optional('shared', existsSync(shared) ? shared : undefined);
