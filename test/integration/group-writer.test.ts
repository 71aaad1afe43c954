import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appendAudits, type NewAuditEntry } from '../../db/audit/append.ts';
import { listChain } from '../../db/audit/lists.ts';
import { type EventRow, listEvents } from '../../db/events.ts';
import type { Db } from '../../db/executor.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { claimSession, findSession, type SessionRow } from '../../db/sessions.ts';
import { GroupWriter } from '../../server/session/record/group-writer.ts';
import type { QueuedWrite } from '../../server/session/record/queued-write.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { makeEvent, makeSession, T0, totalsOf } from '../support/rows.ts';
import { TreeLog } from '../support/tree-log.ts';

/** The transactions of several statements that a database is asked for. */
function counting(db: Db, transactions: { count: number }): Db {
  return new Proxy(db, {
    get: (target, name) => {
      if (name === 'transaction') transactions.count += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(title, () => {
    let at: TestDatabase;
    let opened: OpenDatabase;
    let log: TreeLog;
    beforeAll(async () => {
      at = await createDatabase(kind);
      opened = await openDatabase(at);
      await migrate(opened.db);
      log = await TreeLog.open(opened.db);
    });
    afterAll(async () => {
      await log?.remove();
      await opened?.close();
      await at?.remove();
    });

    let transactions: { count: number };
    let writer: GroupWriter;
    beforeEach(() => {
      transactions = { count: 0 };
      writer = new GroupWriter(counting(opened.db, transactions));
    });

    /** The nth event of a session, with the totals that it leads to. */
    const nth = (row: SessionRow, n: number, changed: Partial<EventRow> = {}): QueuedWrite => ({
      totals: totalsOf(row, { last_seq: n, last_offset: n, risk_score: 3 * n }),
      events: [makeEvent(row.id, { seq: n, change_offset: n, ...changed })],
      committed: () => {},
      refused: () => {},
    });
    const act = (row: SessionRow, more: Partial<NewAuditEntry> = {}) =>
      ({
        id: uuidv7(),
        type: 'COMMAND_GIVEN',
        entityId: row.id,
        actor: null,
        at: new Date(T0),
        payload: { do: 'pause' },
        ...more,
      }) as const;
    const chain = async (row: SessionRow) =>
      (await listChain(opened.db, { entityType: 'session', entityId: row.id }, { afterPosition: 0, limit: 100 })).map(
        ({ event_type: type }) => type,
      );
    const events = async (row: SessionRow) =>
      (await listEvents(opened.db, { session: row.id, limit: 100 })).map(({ seq }) => seq);
    const score = async (row: SessionRow) => (await findSession(opened.db, row.id))?.risk_score;
    const written = async (...batch: QueuedWrite[]) => {
      transactions.count = 0;
      const done = await writer.write(batch);
      return batch.map((entry) => done.written.has(entry));
    };

    test('with known chain heads, any number of sessions is written in one statement', async () => {
      const rows = [await makeSession(opened.db), await makeSession(opened.db), await makeSession(opened.db)];
      expect(await written(...rows.map((row) => nth(row, 1)))).toEqual([true, true, true]);
      expect(transactions.count).toBe(1);
      for (const n of [2, 3]) {
        expect(await written(...rows.map((row) => nth(row, n)))).toEqual([true, true, true]);
        expect(transactions.count).toBe(0);
      }
      for (const row of rows)
        expect([await events(row), await score(row), await chain(row)]).toEqual([
          [1, 2, 3],
          9,
          ['EVENTS_STORED', 'EVENTS_STORED', 'EVENTS_STORED'],
        ]);
      expect(await log.verify()).toMatchObject({ valid: true });
    });

    test('totals without events need no chain', async () => {
      const row = await makeSession(opened.db);
      expect(await written({ ...nth(row, 1), events: [] })).toEqual([true]);
      expect(transactions.count).toBe(0);
      expect([await score(row), await chain(row)]).toEqual([3, []]);
    });

    test('a chain extended by another writer is read again, without loss or fork', async () => {
      const rows = [await makeSession(opened.db), await makeSession(opened.db)];
      await written(...rows.map((row) => nth(row, 1)));
      await opened.db.transaction().execute((tx) => appendAudits(tx, [act(rows[0]!)]));
      expect(await written(...rows.map((row) => nth(row, 2)))).toEqual([true, true]);
      expect(transactions.count).toBe(1);
      await written(...rows.map((row) => nth(row, 3)));
      expect(transactions.count).toBe(0);
      expect(await chain(rows[0]!)).toEqual(['EVENTS_STORED', 'COMMAND_GIVEN', 'EVENTS_STORED', 'EVENTS_STORED']);
      expect(await events(rows[0]!)).toEqual([1, 2, 3]);
      expect(await log.verify()).toMatchObject({ valid: true });
    });

    test('a session with another owner is not written, neither in part nor in the log, and the others are (S8)', async () => {
      const [lost, kept] = [await makeSession(opened.db), await makeSession(opened.db)];
      await written(nth(lost, 1), nth(kept, 1));
      await claimSession(opened.db, lost.id);
      expect(await written(nth(lost, 2), nth(kept, 2))).toEqual([false, true]);
      expect(await written({ ...nth(lost, 3), audit: [act(lost)] }, nth(kept, 3))).toEqual([false, true]);
      expect([await events(lost), await score(lost), await chain(lost)]).toEqual([[1], 3, ['EVENTS_STORED']]);
      expect(await events(kept)).toEqual([1, 2, 3]);
      expect(await log.verify()).toMatchObject({ valid: true });
    });

    test('a batch with a lost COMMIT response changes nothing when written again (S4)', async () => {
      const row = await makeSession(opened.db);
      await written(nth(row, 1));
      const entry = nth(row, 2);
      await new GroupWriter(opened.db).write([entry]);
      expect(await written(entry)).toEqual([true]);
      expect(await written(entry)).toEqual([true]);
      expect([await events(row), await chain(row)]).toEqual([
        [1, 2],
        ['EVENTS_STORED', 'EVENTS_STORED'],
      ]);
      expect(await log.verify()).toMatchObject({ valid: true });
    });

    test('a fault in one event rolls back the whole batch', async () => {
      const rows = [await makeSession(opened.db), await makeSession(opened.db)];
      await written(...rows.map((row) => nth(row, 1)));
      await expect(written(nth(rows[0]!, 2), nth(rows[1]!, 1))).rejects.toMatchObject({ code: '23505' });
      expect([await events(rows[0]!), await score(rows[0]!), await chain(rows[0]!)]).toEqual([
        [1],
        3,
        ['EVENTS_STORED'],
      ]);
      expect(await written(nth(rows[0]!, 2))).toEqual([true]);
    });

    test('concurrent writers on the same chains cause neither deadlocks nor forks', async () => {
      const rows = await Promise.all(Array.from({ length: 8 }, () => makeSession(opened.db)));
      const over = new AbortController();
      const acting = [0, 1, 2].map(async (turn) => {
        for (let n = 0; !over.signal.aborted; n++) {
          const several = [rows[(n + turn) % 8]!, rows[(n * 3 + turn) % 8]!].map((row) => act(row));
          await opened.db.transaction().execute((tx) => appendAudits(tx, several));
        }
      });
      for (let n = 1; n <= 60; n++) await written(...rows.map((row) => nth(row, n)));
      over.abort();
      await Promise.all(acting);
      for (const row of rows) expect(await events(row)).toHaveLength(60);
      expect(await log.verify()).toMatchObject({ valid: true });
    });
  });
}
