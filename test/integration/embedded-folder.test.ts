import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { ADMIN } from '../support/admin.ts';
import { createDatabase } from '../support/databases.ts';

/** Folders of the embedded database that are no whole database: opening one must neither lose it nor hide why. */

async function admins(dataDir: string): Promise<string[]> {
  const database = await openDatabase({ url: undefined, dataDir });
  try {
    const rows = await database.db.selectFrom('users').select('email').where('role', '=', 'admin').execute();
    return rows.map(({ email }) => email);
  } finally {
    await database.close();
  }
}

async function folderWithAdmin(): Promise<{ dataDir: string; folder: string }> {
  const database = await createDatabase('pglite', 'admin');
  onTestFinished(() => database.remove());
  return { dataDir: database.dataDir, folder: join(database.dataDir, 'pglite') };
}

describe('a start is refused, and nothing changes, if the folder', () => {
  test('has lost its PG_VERSION, as a partly restored backup has; with the file back, it is the same database', async () => {
    const { dataDir, folder } = await folderWithAdmin();
    const [version, kept] = [join(folder, 'PG_VERSION'), join(dataDir, 'PG_VERSION')];
    copyFileSync(version, kept);
    rmSync(version);
    const before = readdirSync(folder).toSorted();
    await expect(admins(dataDir)).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining('no PG_VERSION'),
    });
    expect(readdirSync(folder).toSorted()).toEqual(before);
    copyFileSync(kept, version);
    expect(await admins(dataDir)).toEqual([ADMIN.email]);
  });

  test.for(['16', '', '18beta1', 'x'.repeat(1000)])('was made by PostgreSQL %j', async (version) => {
    const { dataDir, folder } = await folderWithAdmin();
    writeFileSync(join(folder, 'PG_VERSION'), `${version}\n`);
    await expect(admins(dataDir)).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining('and this release reads 18'),
    });
  });

  test('holds something else', async () => {
    const { dataDir, folder } = await folderWithAdmin();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, 'holiday.jpg'), 'a picture');
    await expect(admins(dataDir)).rejects.toMatchObject({ code: 'database_damaged' });
    expect(readFileSync(join(folder, 'holiday.jpg'), 'utf8')).toBe('a picture');
  });

  test.for(['global/pg_control', 'pg_wal', 'base'])('is damaged: %s is empty or missing', async (part) => {
    const { dataDir, folder } = await folderWithAdmin();
    if (part.includes('/')) truncateSync(join(folder, part), 0);
    else rmSync(join(folder, part), { recursive: true });
    await expect(admins(dataDir)).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining('Restore DATA_DIR from a backup'),
    });
  });
});

test('a first start that was killed while it created the database is repeated', async () => {
  const { dataDir, folder } = await folderWithAdmin();
  rmSync(join(folder, 'PG_VERSION'));
  writeFileSync(`${folder}.creating`, '');
  const database = await openDatabase({ url: undefined, dataDir });
  await database.close();
  const left = readdirSync(dataDir);
  expect(left).not.toContain('pglite.creating');
  // Nothing is deleted: a backup may have been restored into the folder meanwhile.
  const [kept] = left.filter((name) => name.startsWith('pglite.incomplete-'));
  expect(readdirSync(join(dataDir, kept!))).toContain('base');
  expect(readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()).toBe('18');
});
