import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeLog } from '../../simulator/fixtures/stored-log.ts';
import { watchLoop } from '../../simulator/server/loop-gaps.ts';
import { summariseAudit } from '../../db/audit/lists.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { AuditVerifier } from '../../server/audit/verify/verifier.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { TreeLog } from '../support/tree-log.ts';
import { sized } from '../support/size.ts';

/** At the full size, the number of entries that the bound is promised for. */
const { entries: ENTRIES } = sized({ entries: 100_000 }, { entries: 3000 });

let at: TestDatabase;
let opened: OpenDatabase;
let log: TreeLog;

beforeAll(async () => {
  at = await createDatabase('pglite');
  opened = await openDatabase(at);
  await migrate(opened.db);
  await storeLog(opened.db, { entries: ENTRIES, entriesASession: 100, eventsAnEntry: 1 });
  // One chain of long entries as well.
  await storeLog(opened.db, { entries: 8, entriesASession: 8, eventsAnEntry: 500 });
  log = await TreeLog.open(opened.db);
}, 600_000);
afterAll(async () => {
  await log?.remove();
  await opened?.close();
  await at?.remove();
});

const verifier = () =>
  new AuditVerifier({ db: opened.db, clock: Date.now, keys: [log.signer.key], outside: log.outside });

describe('verification of a long log on the embedded database', { timeout: 900_000 }, () => {
  test('a writer that catches up adds all entries without blocking the event loop', async () => {
    const watched = watchLoop();
    await log.settle();
    const { turns } = watched();
    expect(turns).toBeGreaterThan(ENTRIES / 250);
    expect(await summariseAudit(opened.db)).toMatchObject({ entries: ENTRIES + 8 });
  });

  test('runs in slices and yields to other work between any two', async () => {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const watched = watchLoop();
    expect(await log.verify()).toMatchObject({
      valid: true,
      checked: ENTRIES + 8,
      leaves: ENTRIES + 8,
      records: ENTRIES + 4000,
    });
    const { longest, longestCpu, turns } = watched();
    const { user, system } = process.cpuUsage(cpu);
    console.log(
      `verified ${ENTRIES} entries in ${Math.round(performance.now() - began)} ms; longest block ${longest.toFixed(0)} ms, ${longestCpu.toFixed(0)} ms of processor time; ${turns} turns`,
    );
    // A page has at most 100 rows, and there are three passes.
    expect(turns).toBeGreaterThan(ENTRIES / 100);
    expect(longestCpu).toBeLessThan((user + system) / 1000 / 4);
  });

  test('delays another statement by at most one page', async () => {
    const verified = log.verify();
    let others = 0;
    const ask = async (): Promise<void> => {
      for (let over = false; !over; others++) {
        await sql`SELECT 1`.execute(opened.db);
        over = await Promise.race([
          verified.then(() => true),
          new Promise<false>((resolve) => setImmediate(resolve, false)),
        ]);
      }
    };
    await ask();
    expect(others).toBeGreaterThan(ENTRIES / 100);
  });

  test('is shared by concurrent requests, and is cancelled when all of them have disconnected', async () => {
    const one = verifier();
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = [one.verify(first.signal), one.verify(second.signal)];
    const gone = new Error('left');
    first.abort(gone);
    second.abort(gone);
    const settled = await Promise.allSettled(answers);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(settled.map((result) => (result as PromiseRejectedResult).reason as unknown)).toEqual([gone, gone]);
    // A new request runs to completion.
    const [third, fourth] = [new AbortController(), new AbortController()];
    const whole = [one.verify(third.signal), one.verify(fourth.signal)];
    third.abort(gone);
    expect((await Promise.all(whole)).map(({ valid, checked }) => [valid, checked])).toEqual([
      [true, ENTRIES + 8],
      [true, ENTRIES + 8],
    ]);
    await expect(one.verify(AbortSignal.abort(gone))).rejects.toBe(gone);
  });

  test('locates a byte changed while it runs', async () => {
    const undone = new Error('undone');
    const changed = opened.db.transaction().execute(async (tx) => {
      await sql`ALTER TABLE audit_entries DISABLE TRIGGER USER`.execute(tx);
      await sql`UPDATE audit_entries SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1) WHERE id = (SELECT entry_id FROM audit_leaves WHERE leaf_index = ${Math.floor(ENTRIES / 2)})`.execute(
        tx,
      );
      expect(await log.verify(tx)).toMatchObject({ valid: false, firstBad: { reason: 'payload' } });
      throw undone;
    });
    await expect(changed).rejects.toBe(undone);
  });
});
