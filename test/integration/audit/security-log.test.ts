import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listChain } from '../../../db/audit/lists.ts';
import { migrate } from '../../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../../db/open.ts';
import { SECURITY_ID } from '../../../protocol/http/audit.ts';
import { createDatabase, type TestDatabase } from '../../support/databases.ts';
import { FaultyDb } from '../../support/faulty-db.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { waitFor } from '../../support/server.ts';
import { TreeLog } from '../../support/tree-log.ts';
import { createLog } from '../../../server/log.ts';
import { Metrics } from '../../../server/metrics.ts';
import { AddressDigests } from '../../../server/audit/security/address-digests.ts';
import { SecurityLog, type SecurityRecord } from '../../../server/audit/security/security-log.ts';
import { SHARES } from '../../../server/audit/security/security-tallies.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const forged: SecurityRecord = { kind: 'ticket_forged', actor: null, target: null };

let files: TestDatabase;
let database: OpenDatabase;
let faulty: FaultyDb;
let log: SecurityLog;
let metrics: Metrics;
const time = new ManualTime(1_767_261_600_000);
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
  before += (await chain()).length;
  faulty = new FaultyDb(database.db);
  metrics = new Metrics();
  log = new SecurityLog(faulty.db, {
    addresses: new AddressDigests(database.db, { secret: Buffer.alloc(32, 1), days: 30, clock: time.clock }),
    clock: time.clock,
    timers: time.timers,
    log: createLog('silent'),
    metrics,
  });
});

const chain = () =>
  listChain(database.db, { entityType: 'system', entityId: SECURITY_ID }, { afterPosition: before, limit: 10_000 });
const entries = async () =>
  (await chain()).map((row) => ({ actor: row.actor, ...(JSON.parse(Buffer.from(row.payload).toString()) as object) }));
/** Lets the writer begin what is due by now; it begins nothing later. */
const written = (count: number) =>
  waitFor('entries', async () => {
    time.advance(0);
    return (await entries()).length === count;
  });
/** Lets the writer begin this transaction, counted from 1. */
const tried = (tries: number) =>
  waitFor(`try ${tries}`, () => {
    time.advance(0);
    return faulty.tries >= tries;
  });

describe('refusals in the audit log', () => {
  test('the first refusal is written at once, with actor and target', async () => {
    log.record({ kind: 'not_own', actor: id(1), target: id(2) });
    await written(1);
    expect(await entries()).toEqual([{ kind: 'not_own', actor: id(1), target: id(2), count: 1 }]);
    await log.stop(1000);
  });

  test('repetitions are counted and written once a minute', async () => {
    log.record(forged);
    await written(1);
    for (let i = 0; i < 500; i++) log.record(forged);
    time.advance(30_000);
    const other: SecurityRecord = { kind: 'not_own', actor: id(1), target: id(2) };
    log.record(other);
    time.advance(1000);
    await written(2);
    time.advance(30_000);
    await written(3);
    expect(await entries()).toEqual([
      { ...forged, count: 1 },
      { ...other, count: 1 },
      { ...forged, count: 500 },
    ]);
    expect(await metrics.registry.getSingleMetricAsString('invigil_security_refusals_total')).toContain(
      '{kind="ticket_forged"} 501',
    );
    await log.stop(1000);
  });

  test('a refusal not repeated within a minute is forgotten', async () => {
    for (let i = 0; i < 20; i++) log.record({ kind: 'unknown_id', actor: id(1), target: id(i) });
    await written(17);
    expect(log.size).toBe(17);
    time.advance(60_001);
    await waitFor('an empty map', () => {
      time.advance(0);
      return log.size <= 1;
    });
    log.record({ kind: 'unknown_id', actor: id(1), target: id(99) });
    time.advance(60_001);
    await waitFor('the new one', async () => {
      time.advance(0);
      return (await entries()).some((entry) => 'target' in entry && entry.target === id(99));
    });
    await log.stop(1000);
  });

  test('an account guessing ids gets 16 entries and a count of the rest, leaving room for others', async () => {
    for (let i = 0; i < 10_000; i++) log.record({ kind: 'unknown_id', actor: id(1), target: id(i) });
    time.advance(1);
    log.record({ kind: 'unknown_id', actor: id(2), target: id(3) });
    await log.stop(2000);
    const all = await entries();
    expect(all.length).toBe(18);
    expect(all[16]).toEqual({ kind: 'unknown_id', actor: id(1), target: null, count: 9984, folded: 9984 });
    expect(all[17]).toEqual({ kind: 'unknown_id', actor: id(2), target: id(3), count: 1 });
  });

  test('with all tallies taken, the first act of a new account is still written and its repetitions are counted', async () => {
    const kinds = ['not_own', 'role_refused', 'unknown_id', 'stream_forged'] as const;
    for (let account = 1; account <= 60; account++)
      for (let n = 0; n < 200; n++) log.record({ kind: kinds[n % 4]!, actor: id(account), target: id(1000 + n) });
    const noise = log.size;
    for (let account = 101; account <= 400; account++)
      log.record({ kind: 'role_refused', actor: id(account), target: id(7) });
    expect(log.size).toBeLessThanOrEqual(SHARES.refused.whole);
    expect(noise).toBeGreaterThan(1000);
    await log.stop(5000);
    const all = await entries();
    for (let account = 101; account <= 400; account++)
      expect(all).toContainEqual({ kind: 'role_refused', actor: id(account), target: id(7), count: 1 });
    expect(all.some((entry) => entry.actor === null)).toBe(false);
    expect(all.reduce((sum, entry) => sum + (entry as unknown as { count: number }).count, 0)).toBe(60 * 200 + 300);
  });

  test('accounts beyond the limit are counted by kind without an actor', async () => {
    for (let i = 0; i < 5000; i++) log.record({ kind: 'role_refused', actor: id(i), target: null });
    expect(log.size).toBe(SHARES.refused.whole + 1);
    await log.stop(5000);
    const all = await entries();
    expect(all).toContainEqual({
      kind: 'role_refused',
      actor: null,
      target: null,
      count: 5000 - SHARES.refused.whole,
      folded: 5000 - SHARES.refused.whole,
    });
    const whole = await TreeLog.open(database.db);
    expect((await whole.verify()).valid).toBe(true);
    await whole.remove();
  });

  test('acts of strangers and students do not displace acts of staff', async () => {
    for (let i = 0; i < 20_000; i++)
      log.record({
        kind: 'token_forged',
        actor: null,
        target: null,
        address: `10.${i % 250}.${Math.floor(i / 250)}.1`,
      });
    for (let i = 0; i < 5000; i++) log.record({ kind: 'login', actor: id(i), target: null });
    for (let i = 0; i < 300; i++) log.record({ kind: 'camera_watched', actor: id(9001), target: id(i) });
    log.record({ kind: 'role_changed', actor: id(9001), target: id(5) });
    await log.stop(10_000);
    const all = await entries();
    expect(all).toContainEqual({ kind: 'role_changed', actor: id(9001), target: id(5), count: 1 });
    expect(all.filter((entry) => 'kind' in entry && entry.kind === 'camera_watched').length).toBe(257);
    expect(all).toContainEqual({ kind: 'camera_watched', actor: id(9001), target: null, count: 44, folded: 44 });
    expect(all.filter((entry) => 'kind' in entry && entry.kind === 'login' && entry.actor !== null).length).toBe(5000);
  });

  test('a whole range of addresses does not use up the budget of other networks', async () => {
    for (let i = 0; i < 10_000; i++)
      log.record({
        kind: 'ticket_forged',
        actor: null,
        target: null,
        address: `2001:0db8:0001:${i.toString(16).padStart(4, '0')}:0000:0000:0000:0001`,
      });
    expect(log.size).toBe(SHARES.strangers.block + 1);
    log.record({ kind: 'ticket_forged', actor: null, target: null, address: '198.51.100.7' });
    expect(log.size).toBe(SHARES.strangers.block + 2);
    await log.stop(2000);
  });

  test('a batch of entries is bounded and the rest follows', async () => {
    for (let i = 0; i < 600; i++) log.record({ kind: 'login', actor: id(i), target: null });
    await written(256);
    time.advance(1000);
    await written(512);
    time.advance(1000);
    await written(600);
    await log.stop(2000);
  });

  test('at most one transaction per second for any number of refusals', async () => {
    let calls = 0;
    const refuse = (count: number) => {
      for (const end = calls + count; calls < end; calls++)
        log.record({ kind: 'not_own', actor: id(calls % 50), target: id(calls) });
    };
    refuse(4);
    await written(4);
    for (let second = 1; second <= 3; second++) {
      const due = calls;
      for (let elapsed = 0; elapsed < 980; elapsed += 20) {
        refuse(4);
        time.advance(20);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect([faulty.tries, (await entries()).length]).toEqual([second, due]);
      time.advance(20);
      await written(calls);
    }
    expect(faulty.tries).toBe(4);
    await log.stop(2000);
  });

  test('while the database is down, refusals are kept within bounds and written once when it is back', async () => {
    faulty.fail('away');
    for (let i = 0; i < 2000; i++) log.record({ kind: 'not_own', actor: id(i), target: id(i) });
    await tried(1);
    for (let i = 0; i < 2000; i++) log.record({ kind: 'not_own', actor: id(i), target: id(i) });
    expect(log.size).toBeLessThanOrEqual(SHARES.refused.whole + 1);
    faulty.mend();
    await log.stop(5000);
    // What was taken for the transaction that failed is counted anew meanwhile.
    expect((await entries()).length).toBeLessThanOrEqual(SHARES.refused.whole + 1 + 256);
    const counts = (await entries()).map((entry) => ('count' in entry ? Number(entry.count) : 0));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(4000);
  });

  test('an unanswered COMMIT causes no duplicates', async () => {
    faulty.fail('lost');
    log.record(forged);
    await tried(1);
    time.advance(1000);
    await tried(2);
    faulty.mend();
    time.advance(1000);
    await tried(3);
    await log.stop(1000);
    expect(await entries()).toEqual([{ ...forged, count: 1 }]);
  });

  test('malformed ids are not logged', async () => {
    log.record({ kind: 'role_refused', actor: 'Philomena', target: "'; DROP TABLE audit_entries; --" });
    await log.stop(1000);
    expect(await entries()).toEqual([{ kind: 'role_refused', actor: null, target: null, count: 1 }]);
  });

  test('a stopping server writes its counts, and waits only briefly if the database is down', async () => {
    log.record(forged);
    await written(1);
    log.record(forged);
    await log.stop(1000);
    expect((await entries()).length).toBe(2);
    const other = new SecurityLog(faulty.db, {
      addresses: new AddressDigests(database.db, { secret: Buffer.alloc(32, 1), days: 30, clock: time.clock }),
      clock: time.clock,
      timers: time.timers,
      log: createLog('silent'),
      metrics,
    });
    faulty.hold();
    other.record(forged);
    await other.stop(100);
    faulty.release();
  });
});
