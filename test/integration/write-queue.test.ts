import { sql } from 'kysely';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { listAnalysisMinutes } from '../../db/analysis-minutes.ts';
import { listChain } from '../../db/audit/lists.ts';
import { type EventRow, listEvents } from '../../db/events.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { listReviews } from '../../db/reviews.ts';
import { claimSession, findSession, type SessionRow, type SessionTotals } from '../../db/sessions.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { FaultyDb } from '../support/faulty-db.ts';
import { makeEvent, makeMinute, makeSession, makeUser, randomHash, totalsOf } from '../support/rows.ts';
import { Metrics } from '../../server/metrics.ts';
import { GroupWriter } from '../../server/session/record/group-writer.ts';
import { WriteQueue } from '../../server/session/record/write-queue.ts';

let at: TestDatabase;
let opened: OpenDatabase;
beforeAll(async () => {
  at = await createDatabase('pglite');
  opened = await openDatabase(at);
  await migrate(opened.db);
  await sql`CREATE FUNCTION too_much() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'stack depth limit exceeded' USING ERRCODE = '54001'; END $$`.execute(opened.db);
  await sql`CREATE TRIGGER too_much BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.type = 'TOO_MUCH') EXECUTE FUNCTION too_much()`.execute(
    opened.db,
  );
});
afterAll(async () => {
  await opened.close();
  await at.remove();
});

let faulty: FaultyDb;
let writeQueue: WriteQueue;
/** What was told, in order: `committed a1`, `fenced a2`. */
let told: string[];
beforeEach(() => {
  faulty = new FaultyDb(opened.db);
  writeQueue = new WriteQueue(new GroupWriter(faulty.db), pino({ level: 'silent' }), new Metrics());
  told = [];
});

function append(
  name: string,
  totals: SessionTotals,
  events: readonly EventRow[],
  committed: () => void = () => {},
): void {
  writeQueue.append({
    totals,
    events,
    committed: () => {
      told.push(`committed ${name}`);
      committed();
    },
    refused: (reason) => told.push(`${reason} ${name}`),
  });
}

/** The nth event of a session, with the totals that it leads to. */
function appendNth(name: string, row: SessionRow, n: number, changed: Partial<EventRow> = {}): void {
  append(`${name}${n}`, totalsOf(row, { last_seq: n, last_offset: n, risk_score: 3 * n }), [
    makeEvent(row.id, { seq: n, change_offset: n, ...changed }),
  ]);
}

const stored = async (row: SessionRow) =>
  (await listEvents(opened.db, { session: row.id, limit: 5000 })).map((event) => event.seq);
const score = async (row: SessionRow) => (await findSession(opened.db, row.id))?.risk_score;
const drained = async () => expect(await writeQueue.drain(20_000)).toBe(true);

describe('an appended change', () => {
  test('is published after COMMIT, never before (S3 E2)', async () => {
    const row = await makeSession(opened.db);
    faulty.hold();
    let seen: Promise<number[]> | undefined;
    append('a', totalsOf(row, { last_seq: 1 }), [makeEvent(row.id)], () => {
      seen = stored(row);
    });
    await vi.waitUntil(() => faulty.tries === 1, { timeout: 120_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toEqual([]);
    faulty.release();
    await drained();
    expect(told).toEqual(['committed a']);
    expect(await seen).toEqual([1]);
  });

  test('is published in the order of appending, across all sessions (E3)', async () => {
    const rows = [await makeSession(opened.db), await makeSession(opened.db), await makeSession(opened.db)];
    const expected: string[] = [];
    for (let n = 1; n <= 20; n++) {
      for (const [i, row] of rows.entries()) {
        appendNth('abc'[i]!, row, n);
        expected.push(`committed ${'abc'[i]}${n}`);
      }
      if (n % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await drained();
    expect(told).toEqual(expected);
    for (const row of rows)
      expect([await stored(row), await score(row)]).toEqual([Array.from({ length: 20 }, (_, i) => i + 1), 60]);
  });

  test('is written in one transaction with others of the same turn', async () => {
    const rows = [await makeSession(opened.db), await makeSession(opened.db)];
    for (let n = 1; n <= 10; n++) for (const row of rows) appendNth('a', row, n);
    await drained();
    expect(faulty.tries).toBe(1);
    expect(told).toHaveLength(20);
  });

  test('is written in the next transaction if one is running', async () => {
    const row = await makeSession(opened.db);
    faulty.hold();
    for (let n = 1; n <= 10; n++) appendNth('a', row, n);
    await vi.waitUntil(() => faulty.tries === 1, { timeout: 120_000 });
    for (let n = 11; n <= 300; n++) appendNth('a', row, n);
    faulty.release();
    await drained();
    expect(faulty.tries).toBe(2);
    expect(await stored(row)).toHaveLength(300);
  });

  test('of an event in the same batch is stored in its last state', async () => {
    const row = await makeSession(opened.db);
    const event = makeEvent(row.id, { type: 'NO_FACE', ended_at: null, duration_ms: null });
    append('open', totalsOf(row, { last_seq: 1, last_offset: 1 }), [event]);
    append('close', totalsOf(row, { last_seq: 1, last_offset: 2 }), [
      { ...event, change_offset: 2, ended_at: event.started_at, duration_ms: 0 },
    ]);
    await drained();
    expect(await listEvents(opened.db, { session: row.id, limit: 10 })).toMatchObject([
      { change_offset: 2, duration_ms: 0 },
    ]);
  });

  test('is published to the other listeners when one throws', async () => {
    const row = await makeSession(opened.db);
    append('a1', totalsOf(row), [], () => {
      throw new Error('a defect');
    });
    appendNth('a', row, 1);
    await drained();
    expect(told).toEqual(['committed a1', 'committed a1']);
  });
});

describe('while the database is away (S8)', () => {
  test('nothing is published until it is up, then everything once, in order', async () => {
    const row = await makeSession(opened.db);
    faulty.fail('away');
    for (let n = 1; n <= 5; n++) appendNth('a', row, n);
    await vi.waitUntil(() => faulty.tries >= 3, { timeout: 120_000 });
    appendNth('a', row, 6);
    expect(told).toEqual([]);
    expect(writeQueue.storeIsThere).toBe(false);
    expect(writeQueue.waiting).toBe(6);
    faulty.mend();
    await drained();
    expect(told).toEqual([1, 2, 3, 4, 5, 6].map((n) => `committed a${n}`));
    expect(writeQueue.storeIsThere).toBe(true);
    expect(writeQueue.waiting).toBe(0);
    expect(await stored(row)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a commit with a lost response is retried and applied once (S4)', async () => {
    const row = await makeSession(opened.db);
    faulty.fail('lost');
    appendNth('a', row, 1, { stream: row.exam_id, client_seq: 1 });
    await vi.waitUntil(() => faulty.tries >= 2, { timeout: 120_000 });
    expect(told).toEqual([]);
    expect(await stored(row)).toEqual([1]);
    faulty.mend();
    await drained();
    expect(told).toEqual(['committed a1']);
    expect([await stored(row), await score(row)]).toEqual([[1], 3]);
  });

  test('draining gives up and reports it when its time is over, and a stopped write queue does not retry', async () => {
    const row = await makeSession(opened.db);
    faulty.fail('away');
    appendNth('a', row, 1);
    expect(await writeQueue.drain(300)).toBe(false);
    writeQueue.stop();
    await vi.waitUntil(() => writeQueue.drain(0), { timeout: 120_000 });
    const { tries } = faulty;
    faulty.mend();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(faulty.tries).toBe(tries);
    expect(told).toEqual([]);
    expect(await stored(row)).toEqual([]);
  });

  test('an empty write queue is drained at once', async () => {
    expect(await writeQueue.drain(0)).toBe(true);
  });
});

describe('reviews and acts for the audit log', () => {
  /** What goes with an event that a proctor reviewed. */
  async function decided(row: SessionRow, event: EventRow) {
    const [id, by] = [uuidv7(), (await makeUser(opened.db, 'proctor')).id];
    return {
      totals: totalsOf(row, { last_seq: 1, last_offset: 2, dismissed_weight: event.weight }),
      events: [{ ...event, change_offset: 2, review: 'dismissed' as const }],
      reviews: [
        {
          id,
          event_id: event.id,
          session_id: row.id,
          decision: 'dismissed' as const,
          reason: 'a poster',
          reason_salt: randomHash(),
          by,
          created_at: row.started_at,
        },
      ],
      audit: [{ id, type: 'EVENT_REVIEWED' as const, entityId: row.id, actor: by, at: row.started_at }],
      committed: () => told.push('committed'),
      refused: (reason: string) => told.push(reason),
    };
  }
  const reviewsOf = ({ id: session }: SessionRow) => listReviews(opened.db, { session }, { limit: 10 });
  const actsOf = ({ id: entityId }: SessionRow) =>
    listChain(opened.db, { entityType: 'session', entityId }, { afterPosition: 0, limit: 10 });

  test('are written once with their change, also after a lost commit response', async () => {
    const row = await makeSession(opened.db);
    const event = makeEvent(row.id);
    const review = await decided(row, event);
    faulty.fail('lost');
    append('a1', totalsOf(row, { last_seq: 1, last_offset: 1 }), [event]);
    writeQueue.append(review);
    await vi.waitUntil(() => faulty.tries >= 2, { timeout: 120_000 });
    faulty.mend();
    await drained();
    expect(told).toEqual(['committed a1', 'committed']);
    expect(await reviewsOf(row)).toMatchObject([{ decision: 'dismissed', event_id: event.id }]);
    expect(await actsOf(row)).toMatchObject([
      { position: 1, event_type: 'EVENTS_STORED' },
      { position: 2, event_type: 'EVENT_REVIEWED' },
    ]);
    expect(await findSession(opened.db, row.id)).toMatchObject({ dismissed_weight: 3 });
  });

  test('of a session claimed by another process are not written', async () => {
    const row = await makeSession(opened.db);
    const event = makeEvent(row.id);
    appendNth('a', row, 1, event);
    await drained();
    await claimSession(opened.db, row.id);
    writeQueue.append(await decided(row, event));
    await drained();
    expect(told).toEqual(['committed a1', 'fenced']);
    expect(await reviewsOf(row)).toEqual([]);
    expect(await actsOf(row)).toMatchObject([{ position: 1, event_type: 'EVENTS_STORED' }]);
    expect(await listEvents(opened.db, { session: row.id, limit: 5 })).toMatchObject([
      { review: null, change_offset: 1 },
    ]);
  });
});

describe('content that the database refuses', () => {
  test.each<[string, Partial<EventRow>]>([
    ['U+0000', { details: { text: '\u0000' } }],
    ['a second event with the same number', { seq: 1 }],
    ['beyond a limit of the database', { type: 'TOO_MUCH' }],
  ])('%s: its session is refused as unstorable, all others are stored', async (_name, changed) => {
    const [good, bad, also] = [
      await makeSession(opened.db),
      await makeSession(opened.db),
      await makeSession(opened.db),
    ];
    appendNth('bad', bad, 1);
    await drained();
    told = [];
    appendNth('good', good, 1);
    appendNth('bad', bad, 2, changed);
    appendNth('also', also, 1);
    appendNth('good', good, 2);
    await drained();
    expect(told.toSorted()).toEqual(['committed also1', 'committed good1', 'committed good2', 'unstorable bad2']);
    expect(told.indexOf('committed good1')).toBeLessThan(told.indexOf('committed good2'));
    expect([await stored(good), await stored(bad), await stored(also)]).toEqual([[1, 2], [1], [1]]);
    expect(await score(bad)).toBe(3);
    expect(writeQueue.storeIsThere).toBe(true);
  });
});

describe('a session claimed by another process', () => {
  test('is refused as fenced and not written, and all others are stored', async () => {
    const [mine, lost] = [await makeSession(opened.db), await makeSession(opened.db)];
    await claimSession(opened.db, lost.id);
    appendNth('lost', lost, 1);
    appendNth('mine', mine, 1);
    appendNth('lost', lost, 2);
    await drained();
    expect(told).toEqual(['fenced lost1', 'committed mine1', 'fenced lost2']);
    expect([await stored(lost), await score(lost), await stored(mine)]).toEqual([[], 0, [1]]);
  });

  test.each([
    ['before', ['old', 'new']],
    ['after', ['new', 'old']],
  ])(
    'entries of the claim before are refused, also when they come %s those of the new one in one batch',
    async (_name, order) => {
      const old = await makeSession(opened.db);
      const claimed = (await claimSession(opened.db, old.id))!;
      for (const name of order) appendNth(name, name === 'old' ? old : claimed, 1);
      await drained();
      expect(told.toSorted()).toEqual(['committed new1', 'fenced old1']);
      expect([await stored(claimed), await score(claimed)]).toEqual([[1], 3]);
    },
  );
});

describe('minutes of analysis', () => {
  const appendMinute = (name: string, row: SessionRow, received: number) =>
    writeQueue.append({
      totals: totalsOf(row),
      events: [],
      minutes: [makeMinute(row.id, { owner_epoch: row.owner_epoch, received })],
      committed: () => told.push(`committed ${name}`),
      refused: (reason) => told.push(`${reason} ${name}`),
    });
  const received = async (row: SessionRow) =>
    (await listAnalysisMinutes(opened.db, { session: row.id, limit: 10 })).map((minute) => minute.received);

  test('are written with the totals, in their last state', async () => {
    const rows = [await makeSession(opened.db), await makeSession(opened.db)];
    for (const n of [1, 2, 3]) for (const row of rows) appendMinute(`m${n}`, row, n);
    await drained();
    expect(faulty.tries).toBe(1);
    for (const row of rows) expect(await received(row)).toEqual([3]);
  });

  test('of a session claimed by another process are not written', async () => {
    const [mine, lost] = [await makeSession(opened.db), await makeSession(opened.db)];
    await claimSession(opened.db, lost.id);
    appendMinute('lost', lost, 1);
    appendMinute('mine', mine, 1);
    await drained();
    expect(told).toEqual(['fenced lost', 'committed mine']);
    expect([await received(lost), await received(mine)]).toEqual([[], [1]]);
  });

  test('with a lost COMMIT response are unchanged when written again', async () => {
    const row = await makeSession(opened.db);
    faulty.fail('lost');
    appendMinute('a', row, 5);
    await vi.waitUntil(() => faulty.tries >= 2, { timeout: 120_000 });
    faulty.mend();
    await drained();
    expect([told, await received(row)]).toEqual([['committed a'], [5]]);
  });
});
