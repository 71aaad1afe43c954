import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What some tests need and a fresh clone does not have. Where it is absent they are skipped and say so in
 * their names; where `INVIGIL_TEST_REQUIRE` lists it (`postgres,shared,chromium`), its absence is a failure.
 */
const required = new Set((process.env['INVIGIL_TEST_REQUIRE'] ?? '').split(',').filter(Boolean));

function optional<T>(name: string, value: T | undefined): T | undefined {
  if (value === undefined && required.has(name)) throw new Error(`these tests must run with ${name}, and it is not there`);
  return value;
}

/** A PostgreSQL server on which databases may be created. */
export const postgresUrl = optional('postgres', process.env['TEST_DATABASE_URL'] || undefined);

const CHROMIUM = '/usr/bin/chromium';

/** Path of a browser. */
export const chromiumPath = optional('chromium', existsSync(CHROMIUM) ? CHROMIUM : undefined);

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

/** Folder of material that is kept beside the project: photos, public weights, test vectors. */
export const sharedFolder = optional('shared', existsSync(shared) ? shared : undefined);
