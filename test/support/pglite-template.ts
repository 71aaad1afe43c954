import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** Making an embedded database takes seconds: each test gets a copy of an empty one that was made once. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-template-'));
  const template = join(folder, 'pglite');
  await (await PGlite.create(template)).close();
  process.env['INVIGIL_TEST_PGLITE'] = template;
  return () => rm(folder, { recursive: true, force: true });
}
