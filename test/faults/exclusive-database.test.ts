import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { DatabaseInUseError, ExclusiveDatabase } from '../../db/exclusive.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';

const postgres = KINDS.find(({ kind }) => kind === 'postgres')!;
const HOLDERS = `SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND a.application_name = 'invigil-exclusive' AND a.datname = current_database()`;

describe.runIf(postgres.available)(`exclusive use of a database, on ${postgres.title}`, () => {
  let database: TestDatabase;
  let asker: pg.Client;
  const open: ExclusiveDatabase[] = [];
  beforeAll(async () => {
    database = await createDatabase('postgres');
    asker = new pg.Client(database.url);
    await asker.connect();
  });
  afterAll(async () => {
    for (const held of open) await held.release();
    await asker.end();
    await database.remove();
  });

  const taken: Error[] = [];
  const waits: string[] = [];
  async function take(waitMs: number): Promise<ExclusiveDatabase> {
    const held = await ExclusiveDatabase.take({
      url: database.url!,
      waitMs,
      onTaken: (error) => taken.push(error),
      onWait: (what) => waits.push(what),
    });
    open.push(held);
    return held;
  }
  const holders = async () => (await asker.query<{ pid: number }>(HOLDERS)).rows.map(({ pid }) => pid);

  test('a second server is refused with the identity of the first, and the next one gets the database when that stops, also while waiting', async () => {
    const first = await take(0);
    await expect(take(0)).rejects.toThrow(DatabaseInUseError);
    await expect(take(0)).rejects.toThrow(/another server has this database open \(PostgreSQL process \d+/);
    const waiting = take(60_000);
    await waitFor('the second one waits', () => waits.length > 0);
    await first.release();
    await (await waiting).release();
    expect(await holders()).toEqual([]);
  });

  test('the lock is taken again after each lost connection', async () => {
    const held = await take(0);
    for (let time = 0; time < 3; time++) {
      const [pid] = await holders();
      await asker.query('SELECT pg_terminate_backend($1)', [pid]);
      await waitFor('held by another connection', async () => (await holders()).some((now) => now !== pid));
    }
    await expect(take(0)).rejects.toThrow(DatabaseInUseError);
    await held.release();
    expect(taken).toEqual([]);
  });

  test('the lock is lost if another server takes it meanwhile, and that is reported', async () => {
    const held = await take(0);
    const [pid] = await holders();
    // The rival requests it at the moment the first connection is gone.
    const rival = take(60_000);
    await waitFor(
      'the rival waits',
      async () =>
        (
          await asker.query(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'invigil-exclusive' AND datname = current_database()",
          )
        ).rows.length === 2,
    );
    await asker.query('SELECT pg_terminate_backend($1)', [pid]);
    const winner = await Promise.race([
      rival,
      waitFor(
        'the first has it again',
        async () => (await holders()).length > 0 && taken.length === 0 && waits.length > 5,
        2000,
      ).then(
        () => undefined,
        () => undefined,
      ),
    ]);
    if (winner) {
      await waitFor('the first is told', () => taken.length > 0);
      expect(taken[0]).toBeInstanceOf(DatabaseInUseError);
    }
    await held.release();
    await (await rival).release();
  });

  test('a killed server frees it at once, and a second server exits with a clear message', async () => {
    const env = { DRAIN_SECONDS: '0', VISION: 'off' };
    const first = new ServerProcess(await freePort(), database, env);
    await first.start();
    const second = new ServerProcess(await freePort(), { ...database, dataDir: `${database.dataDir}/second` }, env);
    await expect(second.start()).rejects.toThrow(/invigil: another server has this database open/);
    expect(first.isRunning).toBe(true);
    await first.stop('SIGKILL');
    const third = new ServerProcess(await freePort(), database, env);
    await third.start();
    await third.stop('SIGTERM');
  });

  test('SIGTERM ends a server that is still waiting for the database, with exit code 0', async () => {
    const held = await take(0);
    const waiting = new ServerProcess(await freePort(), database, { DRAIN_SECONDS: '60' });
    const started = waiting.start().catch((error: unknown) => error);
    await waitFor('the wait', () => waiting.output.includes('waiting for it to stop'));
    expect(await waiting.stop('SIGTERM')).toBe(0);
    expect(await started).toMatchObject({ message: expect.not.stringContaining('"level":50') as string });
    await held.release();
  });
});
