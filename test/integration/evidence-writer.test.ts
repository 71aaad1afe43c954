import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EvidenceRow } from '../../db/evidence.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { FaultyStore } from '../support/picture-site.ts';
import { makeSession } from '../support/rows.ts';
import { Metrics } from '../../server/metrics.ts';
import { EvidenceWriter } from '../../server/evidence/evidence-writer.ts';
import { SessionKeys } from '../../server/evidence/session-keys.ts';

let at: TestDatabase;
let opened: OpenDatabase;
let session: string;
beforeAll(async () => {
  at = await createDatabase('pglite');
  opened = await openDatabase(at);
  await migrate(opened.db);
  session = (await makeSession(opened.db)).id;
});
afterAll(async () => {
  await opened?.close();
  await at?.remove();
});

let store: FaultyStore;
let metrics: Metrics;
let evidenceWriter: EvidenceWriter;
let rows: EvidenceRow[];
let missing: number;
beforeEach(() => {
  store = new FaultyStore();
  metrics = new Metrics();
  evidenceWriter = new EvidenceWriter(
    new SessionKeys(opened.db, Buffer.alloc(32, 9)),
    store,
    pino({ level: 'silent' }),
    metrics,
  );
  rows = [];
  missing = 0;
});

const keep = (bytes = 10, of = session) =>
  evidenceWriter.keep(
    { session: of, event: uuidv7(), kind: 'opened', at: 1000, jpeg: new Uint8Array(bytes) },
    { stored: (row) => (rows.push(row), Promise.resolve()), missing: () => void missing++ },
  );

const dropped = async () =>
  (await metrics.evidenceDropped.get()).values.map(({ labels, value }) => `${labels.reason} ${value}`);

test('a hanging store occupies two writers and a queue of 500, and further images are missing at once', async () => {
  store.fault = 'hangs';
  for (let i = 0; i < 2; i++) keep();
  await expect.poll(() => store.hanging).toBe(2);
  for (let i = 0; i < 510; i++) keep();
  await expect.poll(() => missing).toBe(10);
  expect(store.hanging).toBe(2);
  expect(await dropped()).toEqual(['queue_full 10']);
  store.mend();
  await evidenceWriter.stop(60_000);
  expect([rows.length, store.objects.size, missing]).toEqual([502, 502, 10]);
});

test('at most 64 MiB of images are queued', async () => {
  store.fault = 'hangs';
  for (let i = 0; i < 70; i++) keep(1024 * 1024);
  await expect.poll(() => missing).toBe(6);
  store.mend();
  await evidenceWriter.stop(60_000);
  expect(rows.length).toBe(64);
});

test('stopping waits for images that can be stored and abandons the others', async () => {
  keep();
  await evidenceWriter.stop(60_000);
  expect([rows.length, missing]).toEqual([1, 0]);
  keep();
  await expect.poll(() => missing).toBe(1);
  expect(await dropped()).toEqual(['stopped 1']);
});

test('an image that hangs until the timeout is missing, and gets no row if it completes later', async () => {
  store.fault = 'hangs';
  keep();
  await expect.poll(() => store.hanging).toBe(1);
  await evidenceWriter.stop(1);
  expect([rows.length, missing]).toEqual([0, 1]);
  store.mend();
  await expect.poll(() => store.objects.size).toBe(1);
  expect([rows.length, missing]).toEqual([0, 1]);
});

test('images of an unknown session are not stored', async () => {
  keep(10, uuidv7());
  await expect.poll(() => missing).toBe(1);
  expect(store.objects.size).toBe(0);
});

test('a session has one key, also when two servers create one concurrently', async () => {
  const other = new SessionKeys(opened.db, Buffer.alloc(32, 9));
  const keys = new SessionKeys(opened.db, Buffer.alloc(32, 9));
  const { id } = await makeSession(opened.db);
  const [a, b] = await Promise.all([keys.forWriting(id), other.forWriting(id)]);
  expect(Buffer.from(a).equals(b)).toBe(true);
  expect(Buffer.from((await keys.forReading(id))!).equals(a)).toBe(true);
});
