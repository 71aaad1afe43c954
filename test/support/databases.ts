import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administer } from '../../simulator/server/empty-database.ts';
import { postgresUrl } from './requirements.ts';

/** An empty database of its own for one test. */
export interface TestDatabase {
  readonly url: string | undefined;
  readonly dataDir: string;
  remove(): Promise<void>;
}

export type Kind = 'pglite' | 'postgres';

/** Both kinds, with whether they can be had here. */
export const KINDS: readonly { kind: Kind; available: boolean; title: string }[] = [
  { kind: 'pglite', available: true, title: 'PGlite' },
  {
    kind: 'postgres',
    available: postgresUrl !== undefined,
    title: postgresUrl === undefined ? 'PostgreSQL (skipped: TEST_DATABASE_URL is not set)' : 'PostgreSQL',
  },
];

export async function createDatabase(kind: Kind): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'invigil-test-'));
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  if (kind === 'pglite') {
    const template = process.env['INVIGIL_TEST_PGLITE'];
    if (template) await cp(template, join(dataDir, 'pglite'), { recursive: true });
    return { url: undefined, dataDir, remove: removeFolder };
  }
  const name = `invigil_test_${randomBytes(6).toString('hex')}`;
  await administer(postgresUrl!, `CREATE DATABASE ${name}`);
  const url = new URL(postgresUrl ?? '');
  url.pathname = `/${name}`;
  return {
    url: url.href,
    dataDir,
    remove: async () => {
      await administer(postgresUrl!, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await removeFolder();
    },
  };
}
