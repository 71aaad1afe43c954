import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, KINDS, type TestDatabase } from '../../support/databases.ts';
import { postgresPool } from '../../../db/postgres/pool.ts';
import { Servers } from '../../../db/postgres/servers.ts';

const { available } = KINDS.find(({ kind }) => kind === 'postgres')!;
const skipped = available ? '' : ' (skipped: TEST_DATABASE_URL is not set)';
const NUMBER = 'SELECT $1::integer AS n';

describe.runIf(available)(`named queries of PostgreSQL${skipped}`, () => {
  let at: TestDatabase;
  beforeAll(async () => {
    at = await createDatabase('postgres');
  });
  afterAll(() => at?.remove());

  const open = (queryTimeoutMs?: number) => {
    const pool = postgresPool(new Servers(at.url!), { size: 1, queryTimeoutMs, names: new Map([[NUMBER, 'number']]) });
    const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) });
    const ask = async (n: number) => (await db.executeQuery<{ n: number }>(CompiledQuery.raw(NUMBER, [n]))).rows[0]?.n;
    const prepared = async () =>
      (await sql<{ name: string }>`SELECT name FROM pg_prepared_statements`.execute(db)).rows.map(({ name }) => name);
    return { db, ask, prepared };
  };

  test('prepare a named statement once per connection and no other statement', async () => {
    const { db, ask, prepared } = open();
    try {
      expect([await ask(1), await ask(2)]).toEqual([1, 2]);
      await sql`SELECT 1`.execute(db);
      expect(await prepared()).toEqual(['number']);
    } finally {
      await db.destroy();
    }
  });

  test('fail once behind a transaction pooler, then run unprepared', async () => {
    const { db, ask, prepared } = open();
    try {
      await ask(1);
      // Has the effect of a pooler that assigns another server connection.
      await sql`DEALLOCATE ALL`.execute(db);
      await expect(ask(2)).rejects.toMatchObject({ code: '26000' });
      expect(await ask(3)).toBe(3);
      expect(await prepared()).toEqual([]);
    } finally {
      await db.destroy();
    }
  });

  test('close a connection whose query timed out, so that the next query gets a new one', async () => {
    const { db, ask } = open(500);
    try {
      const pid = async () => (await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db)).rows[0]!.pid;
      const before = await pid();
      await expect(sql`SELECT pg_sleep(60)`.execute(db)).rejects.toThrow('Query read timeout');
      expect(await ask(1)).toBe(1);
      expect(await pid()).not.toBe(before);
    } finally {
      await db.destroy();
    }
  });
});
