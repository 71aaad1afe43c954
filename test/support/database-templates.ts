import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { migrate } from '../../db/migrate.ts';
import { type DatabaseOptions, openDatabase } from '../../db/open.ts';
import { FirstAdmin } from '../../server/auth/accounts/first-admin.ts';
import { Passwords } from '../../server/auth/passwords/passwords.ts';
import { administer } from '../../simulator/server/empty-database.ts';
import { ADMIN, CHEAP_HASHES } from './admin.ts';
import { BASELINE_WASM } from './baseline-wasm.ts';
import { databaseFolder } from './database-folder.ts';

/** Initial contents of a test's database: nothing, the schema, or the schema and one admin. */
export type Content = 'empty' | 'schema' | 'admin';

/** Environment variables that pass the templates of a run to the workers. */
export const PGLITE_TEMPLATES = 'INVIGIL_TEST_PGLITE_TEMPLATES';
export const POSTGRES_TEMPLATES = 'INVIGIL_TEST_POSTGRES_TEMPLATES';

/** Creates, once per run, the databases that tests copy. */
export default async function setup(): Promise<(() => Promise<void>) | void> {
  // Each project runs this setup; the first one creates the templates for all.
  if (process.env[PGLITE_TEMPLATES] !== undefined) return;
  // The runner's own process, which runs no test.
  for (const flag of BASELINE_WASM) setFlagsFromString(flag);
  const folder = await mkdtemp(join(databaseFolder(), 'invigil-databases-'));
  process.env[PGLITE_TEMPLATES] = folder;
  await makePglite(folder);
  const url = process.env['TEST_DATABASE_URL'];
  const dropPostgres = url ? await makePostgres(url) : undefined;
  return async () => {
    await rm(folder, { recursive: true, force: true });
    await dropPostgres?.();
  };
}

async function makePglite(folder: string): Promise<void> {
  const at = (content: Content) => join(folder, content, 'pglite');
  for (const content of ['empty', 'schema', 'admin']) await mkdir(join(folder, content));
  // Each test copies the folder, so it is kept small: log segments of 1 MB in place of 16, and no databases that only
  // serve CREATE DATABASE.
  const empty = await PGlite.create({ dataDir: at('empty'), initDbStartParams: ['--wal-segsize=1'] });
  await empty.query('UPDATE pg_database SET datistemplate = false');
  for (const name of ['template0', 'template1']) await empty.query(`DROP DATABASE ${name}`);
  await empty.query('ALTER SYSTEM SET wal_recycle = off');
  // Each start initialises the whole cache: 128 MB by default take more time than everything else in it.
  await empty.query("ALTER SYSTEM SET shared_buffers = '8MB'");
  await empty.query('SELECT pg_reload_conf()');
  await empty.query('CHECKPOINT');
  await empty.close();
  cpSync(at('empty'), at('schema'), { recursive: true });
  await fill({ url: undefined, dataDir: join(folder, 'schema') }, 'schema');
  cpSync(at('schema'), at('admin'), { recursive: true });
  await fill({ url: undefined, dataDir: join(folder, 'admin') }, 'admin');
}

/** @returns a function that drops them */
async function makePostgres(serverUrl: string): Promise<() => Promise<void>> {
  const prefix = `invigil_template_${randomBytes(4).toString('hex')}`;
  process.env[POSTGRES_TEMPLATES] = prefix;
  const name = (content: Content) => `${prefix}_${content}`;
  const url = (content: Content) => Object.assign(new URL(serverUrl), { pathname: `/${name(content)}` }).href;
  await administer(serverUrl, `CREATE DATABASE ${name('schema')}`);
  await fill({ url: url('schema'), dataDir: '' }, 'schema');
  await administer(serverUrl, `CREATE DATABASE ${name('admin')} TEMPLATE ${name('schema')}`);
  await fill({ url: url('admin'), dataDir: '' }, 'admin');
  return async () => {
    for (const content of ['schema', 'admin'] as const)
      await administer(serverUrl, `DROP DATABASE IF EXISTS ${name(content)} WITH (FORCE)`);
  };
}

async function fill(options: DatabaseOptions, content: Content): Promise<void> {
  const database = await openDatabase(options);
  await migrate(database.db);
  if (content === 'admin')
    await new FirstAdmin(database.db, new Passwords(undefined, CHEAP_HASHES)).prepare({ ...ADMIN, name: 'Admin' });
  await database.close();
}
