import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listChain } from '../../db/audit-log.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { SECURITY_ID } from '../../protocol/http/audit.ts';
import { createDatabase, type TestDatabase } from '../../test/support/databases.ts';
import { FaultyDb } from '../../test/support/faulty-db.ts';
import { waitFor } from '../../test/support/server.ts';
import { TreeLog } from '../../test/support/tree-log.ts';
import { createLog } from '../log.ts';
import { Metrics } from '../metrics.ts';
import { type RefusedAct, SecurityLog } from './security-log.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const forged: RefusedAct = { kind: 'ticket_forged', actor: null, target: null };

let files: TestDatabase;
let database: OpenDatabase;
let faulty: FaultyDb;
let log: SecurityLog;
let metrics: Metrics;
let now = 1_767_261_600_000;
let before = 0;

beforeAll(async () => {
  files = await createDatabase('pglite');
  database = await openDatabase({ url: files.url, dataDir: files.dataDir, onError: () => {} });
  await migrate(database.db);
});
afterAll(async () => {
  await database.close();
  await files.remove();
});

beforeEach(async () => {
  before = (await chain()).length;
  faulty = new FaultyDb(database.db);
  metrics = new Metrics();
  log = new SecurityLog(faulty.db, { clock: () => now, log: createLog('silent'), metrics });
});

const chain = () => listChain(database.db, { entityType: 'system', entityId: SECURITY_ID }, { afterPosition: 0, limit: 5000 });
const entries = async () => (await chain()).slice(before).map((row) => ({ actor: row.actor, ...(JSON.parse(Buffer.from(row.payload).toString()) as object) }));
const written = (count: number) => waitFor('entries', async () => (await entries()).length === count);

describe('refusals in the audit log', () => {
  test('the first is written at once, with its actor and target', async () => {
    log.refused({ kind: 'not_own', actor: id(1), target: id(2) });
    await written(1);
    expect(await entries()).toEqual([{ kind: 'not_own', actor: id(1), target: id(2), count: 1 }]);
    await log.stop(1000);
  });

  test('repetitions are counted, and written once a minute', async () => {
    log.refused(forged);
    await written(1);
    for (let i = 0; i < 500; i++) log.refused(forged);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await entries()).length).toBe(1);
    now += 60_000;
    await written(2);
    expect(await entries()).toEqual([{ ...forged, count: 1 }, { ...forged, count: 500 }]);
    expect(await metrics.registry.getSingleMetricAsString('invigil_security_refusals_total')).toContain('{kind="ticket_forged"} 501');
    await log.stop(1000);
  });

  test('what was not repeated for a minute is forgotten', async () => {
    for (let i = 0; i < 20; i++) log.refused({ kind: 'unknown_id', actor: id(1), target: id(i) });
    await written(17);
    expect(log.size).toBe(17);
    now += 60_001;
    await waitFor('an empty map', () => log.size <= 1);
    log.refused({ kind: 'unknown_id', actor: id(1), target: id(99) });
    now += 60_001;
    await waitFor('the new one', async () => (await entries()).some((entry) => 'target' in entry && entry.target === id(99)));
    await log.stop(1000);
  });

  test('one who guesses ids gets 16 entries and a count, and leaves room for others', async () => {
    for (let i = 0; i < 10_000; i++) log.refused({ kind: 'unknown_id', actor: id(1), target: id(i) });
    log.refused({ kind: 'unknown_id', actor: id(2), target: id(3) });
    await log.stop(2000);
    const all = await entries();
    expect(all.length).toBe(18);
    expect(all[16]).toEqual({ kind: 'unknown_id', actor: id(1), target: null, count: 9984 });
    expect(all[17]).toEqual({ kind: 'unknown_id', actor: id(2), target: id(3), count: 1 });
  });

  test('many who are refused are 256 entries, and a count for each kind', async () => {
    for (let i = 0; i < 10_000; i++) log.refused({ kind: 'role_refused', actor: id(i), target: null });
    expect(log.size).toBe(257);
    await log.stop(2000);
    const all = await entries();
    expect(all.length).toBe(257);
    expect(all[256]).toEqual({ kind: 'role_refused', actor: null, target: null, count: 9744 });
    const whole = await TreeLog.open(database.db);
    expect((await whole.verify()).valid).toBe(true);
    await whole.remove();
  });

  test('one transaction a second at most, however many are refused', async () => {
    const started = performance.now();
    let calls = 0;
    while (performance.now() - started < 1500) {
      log.refused({ kind: 'not_own', actor: id(calls % 50), target: id(calls) });
      calls += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const seconds = (performance.now() - started) / 1000;
    expect(faulty.tries).toBeLessThanOrEqual(1 + Math.ceil(seconds));
    expect(calls).toBeGreaterThan(50);
    await log.stop(2000);
  });

  test('while the database is away they wait, within the bound, and are written once when it is back', async () => {
    faulty.fail('away');
    for (let i = 0; i < 2000; i++) log.refused({ kind: 'not_own', actor: id(i), target: id(i) });
    await waitFor('a try', () => faulty.tries > 0);
    for (let i = 0; i < 2000; i++) log.refused({ kind: 'not_own', actor: id(i), target: id(i) });
    expect(log.size).toBeLessThanOrEqual(257);
    faulty.mend();
    await written(257);
    await log.stop(2000);
    const counts = (await entries()).map((entry) => ('count' in entry ? Number(entry.count) : 0));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(4000);
  });

  test('a COMMIT whose answer is lost doubles nothing', async () => {
    faulty.fail('lost');
    log.refused(forged);
    await waitFor('two tries', () => faulty.tries >= 2);
    faulty.mend();
    await waitFor('a third', () => faulty.tries >= 3);
    await log.stop(1000);
    expect(await entries()).toEqual([{ ...forged, count: 1 }]);
  });

  test('what has not the form of an id does not get in', async () => {
    log.refused({ kind: 'role_refused', actor: 'Philomena', target: "'; DROP TABLE audit_entries; --" });
    await log.stop(1000);
    expect(await entries()).toEqual([{ kind: 'role_refused', actor: null, target: null, count: 1 }]);
  });

  test('a server that stops writes what is counted, and does not wait long for a database that is away', async () => {
    log.refused(forged);
    await written(1);
    log.refused(forged);
    await log.stop(1000);
    expect((await entries()).length).toBe(2);
    const other = new SecurityLog(faulty.db, { clock: () => now, log: createLog('silent'), metrics });
    faulty.hold();
    other.refused(forged);
    await other.stop(100);
    faulty.release();
  });
});
