import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { sql } from 'kysely';
import { createDatabase } from '../../support/databases.ts';
import { postgresUrl } from '../../support/requirements.ts';
import { makeUser } from '../../support/rows.ts';
import { migrate } from '../../../db/migrate.ts';
import { openDatabase } from '../../../db/open.ts';
import { findUser } from '../../../db/users.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'invigil-open-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const embedded = (folder = dataDir) => openDatabase({ url: undefined, dataDir: folder });

/**
 * A folder with an empty database. Creating one costs more than everything that these tests do with it;
 * `private-folders.test.ts` starts a server without one.
 */
async function emptyFolder(): Promise<string> {
  const database = await createDatabase('pglite', 'empty');
  onTestFinished(() => database.remove());
  return database.dataDir;
}

describe('the embedded database', () => {
  test('reports its durability, keeps its rows across a restart and then needs no migration', async () => {
    const folder = await emptyFolder();
    const first = await embedded(folder);
    expect(first).toMatchObject({ kind: 'pglite', durability: 'process-crash' });
    expect(await migrate(first.db)).toContain('0001-main-path');
    const user = await makeUser(first.db);
    await first.close();

    const second = await embedded(folder);
    expect(await migrate(second.db)).toEqual([]);
    expect(await findUser(second.db, user.id)).toEqual(user);
    await second.close();
  });

  test('is opened once: a second opening of its folder is refused until the first is closed', async () => {
    const folder = await emptyFolder();
    const first = await embedded(folder);
    await expect(embedded(folder)).rejects.toMatchObject({ name: 'FolderLockedError', code: 'folder_locked' });
    await first.close();
    await (await embedded(folder)).close();
    expect(existsSync(join(folder, 'pglite.lock'))).toBe(false);
  });

  test('leaves no lock behind if it cannot be opened', async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'pglite'), 'a file where the folder should be');
    await expect(embedded()).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(existsSync(join(dataDir, 'pglite.lock'))).toBe(false);
  });
});

describe('an unreachable PostgreSQL', () => {
  test('fails within its timeout and closes', async () => {
    const database = await openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', dataDir });
    expect(database).toMatchObject({ kind: 'postgres', durability: 'power-loss' });
    await expect(migrate(database.db)).rejects.toThrow(/ECONNREFUSED/);
    await database.close();
  });
});

describe('PostgreSQL that does not answer', () => {
  test.runIf(postgresUrl !== undefined)(
    'loses the connection of that query only: later queries do not wait for it, and no transaction stays open',
    async () => {
      const database = await openDatabase({ url: postgresUrl, dataDir, queryTimeoutMs: 300, poolSize: 1 });
      const pid = async () =>
        (await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(database.db)).rows[0]!.pid;
      const first = await pid();
      const late = database.db.transaction().execute(async (tx) => {
        await sql`CREATE TEMPORARY TABLE never (n integer)`.execute(tx);
        await sql`SELECT pg_sleep(3600)`.execute(tx);
      });
      await expect(late).rejects.toThrow(/terminated|timeout/);
      // Answered, although the other one still sleeps.
      expect(await pid()).not.toBe(first);
      await sql`SELECT pg_terminate_backend(${first})`.execute(database.db);
      await database.close();
    },
  );

  test.runIf(postgresUrl !== undefined)(
    'fails a transaction if it breaks between two of its queries, and nothing else',
    async () => {
      const database = await openDatabase({ url: postgresUrl, dataDir });
      const broken = database.db.transaction().execute(async (tx) => {
        const { pid } = (await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx)).rows[0]!;
        await sql`SELECT pg_terminate_backend(${pid})`.execute(database.db);
        await new Promise((resolve) => setTimeout(resolve, 200));
        await sql`SELECT 1`.execute(tx);
      });
      await expect(broken).rejects.toThrow();
      await sql`SELECT 1`.execute(database.db);
      await database.close();
    },
  );
});

test('a flood of statements and consecutive transactions do not delay urgent work', async () => {
  const opened = await embedded(await emptyFolder());
  let done = 0;
  const storm = Array.from({ length: 200 }, () => sql`SELECT 1`.execute(opened.db).then(() => (done += 1)));
  const transactions = Array.from({ length: 50 }, () =>
    opened.db
      .transaction()
      .execute((tx) => sql`SELECT 1`.execute(tx))
      .then(() => (done += 1)),
  );
  for (let round = 0; round < 5; round++) {
    const before = done;
    await sql`SELECT 1`.execute(opened.urgent);
    // One was with the engine, and the next one had asked before.
    expect(done - before).toBeLessThanOrEqual(3);
  }
  await opened.urgent.transaction().execute(async (tx) => {
    const before = done;
    for (let n = 0; n < 3; n++) await sql`SELECT 1`.execute(tx);
    expect(done).toBe(before);
  });
  expect(done).toBeLessThan(100);
  await Promise.all([...storm, ...transactions]);
  await opened.close();
});
