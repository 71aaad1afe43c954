import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeUser } from '../test/support/rows.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { findUser } from './users.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'invigil-open-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const embedded = () => openDatabase({ url: undefined, dataDir });

describe('the embedded database', () => {
  test('says what it survives, keeps its rows over a restart and then needs no migration', async () => {
    const first = await embedded();
    expect(first).toMatchObject({ kind: 'pglite', durability: 'process-crash' });
    expect(await migrate(first.db)).toContain('0001-main-path');
    const user = await makeUser(first.db);
    await first.close();

    const second = await embedded();
    expect(await migrate(second.db)).toEqual([]);
    expect(await findUser(second.db, user.id)).toEqual(user);
    await second.close();
  });

  test('is open once: a second opening of its folder is refused until the first is closed', async () => {
    const first = await embedded();
    await expect(embedded()).rejects.toMatchObject({ name: 'FolderLockedError', code: 'folder_locked' });
    await first.close();
    await (await embedded()).close();
    expect(existsSync(join(dataDir, 'pglite.lock'))).toBe(false);
  });

  test('that cannot be opened leaves no lock behind', async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'pglite'), 'a file where the folder should be');
    await expect(embedded()).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(existsSync(join(dataDir, 'pglite.lock'))).toBe(false);
  });
});

describe('PostgreSQL that is not there', () => {
  test('says so within its time-out, and closes', async () => {
    const database = await openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', dataDir });
    expect(database).toMatchObject({ kind: 'postgres', durability: 'power-loss' });
    await expect(migrate(database.db)).rejects.toThrow(/ECONNREFUSED/);
    await database.close();
  });
});
