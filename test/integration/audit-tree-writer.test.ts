import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendAudits } from '../../db/audit/append.ts';
import { findLeaf, listCheckpoints, treeSize } from '../../db/audit/tree.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { parseCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { parseNote } from '../../protocol/audit/signed-note.ts';
import { notesOf } from '../../server/audit/checkpoints/checkpoint-file.ts';
import { Signer } from '../../server/audit/checkpoints/signer.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { T0 } from '../support/rows.ts';
import { waitFor } from '../support/server.ts';
import { ManualTime } from '../support/manual-time.ts';
import { TreeLog } from '../support/tree-log.ts';

describe.for(KINDS)('the writer of the audit log, on $title', ({ kind, available }) => {
  if (!available) {
    test.skip('needs TEST_DATABASE_URL', () => {});
    return;
  }
  let at: TestDatabase;
  let opened: OpenDatabase;
  let log: TreeLog;
  beforeEach(async () => {
    at = await createDatabase(kind);
    opened = await openDatabase(at);
    await migrate(opened.db);
    log = await TreeLog.open(opened.db);
  });
  afterEach(async () => {
    await log?.remove();
    await opened?.close();
    await at?.remove();
  });

  /** So many acts on an account; on a new one unless it is named. */
  async function act(count: number, entityId = uuidv7()): Promise<string[]> {
    const acts = Array.from(
      { length: count },
      () => ({ id: uuidv7(), type: 'USER_ENABLED', entityId, actor: null, at: new Date(T0) }) as const,
    );
    await opened.db.transaction().execute((tx) => appendAudits(tx, acts));
    return acts.map(({ id }) => id);
  }
  const notes = async () => notesOf(await readFile(log.outside.path, 'utf8').catch(() => ''));
  const sizes = async () => (await notes()).map((note) => parseCheckpoint(parseNote(note).text).size);
  const changed = async () => (await log.metrics.auditChanged.get()).values[0]?.value;
  /** By whoever owns the tables. */
  async function tamper(...statements: ReturnType<typeof sql>[]): Promise<void> {
    for (const table of ['entries', 'heads', 'leaves', 'tiles', 'checkpoints'])
      await sql`ALTER TABLE ${sql.table(`audit_${table}`)} DISABLE TRIGGER USER`.execute(opened.db);
    for (const statement of statements) await statement.execute(opened.db);
  }

  test('each entry gets a leaf in the order of its chain, and the head is signed in the database and outside', async () => {
    const user = uuidv7();
    const ids = [...(await act(3, user)), ...(await act(2)), ...(await act(2, user))];
    expect(await log.verify()).toMatchObject({ valid: true, checked: 7, leaves: 0, checkpoints: 0, vouched: 0 });
    const writer = await log.settle();
    expect(writer.state).toBe('ok');
    expect(await Promise.all(ids.map((id) => findLeaf(opened.db, id)))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await sizes()).toEqual([7]);
    expect((await listCheckpoints(opened.db, { after: 0, limit: 10 })).map(({ note }) => note)).toEqual(await notes());
    expect(await log.verify()).toMatchObject({ valid: true, checked: 7, leaves: 7, checkpoints: 2, vouched: 7 });
  });

  test('a log of many tiles and checkpoints with a partial last tile verifies', async () => {
    for (const count of [1, 255, 300, 1, 700]) {
      await act(count);
      await log.settle();
    }
    expect(await sizes()).toEqual([1, 256, 556, 557, 1257]);
    expect(await log.verify()).toMatchObject({
      valid: true,
      checked: 1257,
      leaves: 1257,
      checkpoints: 10,
      vouched: 1257,
    });
  });

  test('a head is signed after 10 s or 1,000 leaves, and not when nothing came', async () => {
    const time = new ManualTime(T0);
    Object.assign(log, { clock: time.clock, timers: time.timers });
    const writer = log.writer();
    /** The writer looks once a second; until it has. */
    const pass = async (ms: number) => {
      time.advance(ms);
      await waitFor("the end of the writer's turn", () => time.waiting > 0);
    };
    await act(1);
    writer.start();
    await pass(0);
    expect(await sizes()).toEqual([1]);
    await act(1);
    await pass(9999);
    expect([await treeSize(opened.db), await sizes()]).toEqual([2, [1]]);
    await pass(1000);
    expect(await sizes()).toEqual([1, 2]);
    await act(1000);
    await pass(1000);
    expect(await sizes()).toEqual([1, 2, 1002]);
    // A clock that was set back does not keep the next one waiting.
    await act(1);
    time.setBack(3_600_000);
    await pass(1000);
    expect(await sizes()).toEqual([1, 2, 1002, 1003]);
    await pass(60_000);
    await writer.stop();
    expect(await sizes()).toEqual([1, 2, 1002, 1003]);
  });

  test('under continuous load, checkpoints are signed between batches', async () => {
    for (let i = 0; i < 3; i++) await act(1000);
    await act(10);
    await log.settle();
    expect(await sizes()).toEqual([1000, 2000, 3000, 3010]);
  });

  test('while the outside checkpoint file is not writable nothing is signed and entries are queued, and signing resumes afterwards', async () => {
    await act(3);
    await mkdir(log.outside.path);
    const writer = log.writer();
    await writer.stop();
    expect(writer.state).toBe('behind');
    expect(await listCheckpoints(opened.db, { after: 0, limit: 10 })).toEqual([]);
    await rm(log.outside.path, { recursive: true });
    await writer.stop();
    expect(writer.state).toBe('ok');
    expect(await sizes()).toEqual([3]);
    expect(await log.verify()).toMatchObject({ valid: true, vouched: 3 });
  });

  test('an outside note truncated by a crash, at any byte, does no harm', async () => {
    await act(1);
    await log.settle();
    const [whole] = await notes();
    for (let left = 1; left <= whole!.length; left += 37) {
      await writeFile(log.outside.path, '');
      await log.outside.append(whole!);
      await writeFile(log.outside.path, whole!.slice(0, left), { flag: 'a' });
      await log.outside.append(whole!);
      expect(
        (await notes()).every((note) => note === whole),
        `${left}`,
      ).toBe(true);
      expect(await log.outside.last()).toBe(whole);
      expect(await log.verify()).toMatchObject({ valid: true, vouched: 1 });
    }
    await truncate(log.outside.path, 20);
    expect(await log.outside.last()).toBeUndefined();
    expect(await log.verify()).toMatchObject({ valid: true, vouched: 0 });
  });

  test('a head signed outside but not in the database, due to a crash in between, is signed again', async () => {
    await act(5);
    await log.settle();
    await tamper(sql`DELETE FROM audit_checkpoints`);
    await act(1);
    await log.settle();
    expect(await sizes()).toEqual([5, 6]);
    expect(await log.verify()).toMatchObject({ valid: true, checkpoints: 3 });
  });

  const LAST = sql`leaf_index >= 4`;
  const cut = [
    sql`DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_leaves WHERE ${LAST})`,
    sql`DELETE FROM audit_leaves WHERE ${LAST}`,
    sql`UPDATE audit_tiles SET hashes = substring(hashes FROM 1 FOR 4 * 32)`,
    sql`DELETE FROM audit_checkpoints`,
  ];
  test.each<[string, ReturnType<typeof sql>[]]>([
    ['was cut at its end', cut],
    ['lost a tile', [sql`DELETE FROM audit_tiles`]],
    [
      'has other hashes in a tile',
      [sql`UPDATE audit_tiles SET hashes = set_byte(hashes, 40, (get_byte(hashes, 40) + 1) % 256)`],
    ],
    ['has another text for what was signed', [sql`UPDATE audit_checkpoints SET note = 'nothing'`]],
    ['lost leaves alone', [sql`DELETE FROM audit_leaves WHERE ${LAST}`]],
  ])(
    'a log that %s is no longer signed, and is reported as changed, also by the next process',
    async (_how, statements) => {
      await act(6);
      const writer = await log.settle();
      await tamper(...statements);
      await act(2);
      await writer.stop();
      expect([writer.state, await changed(), await sizes()]).toEqual(['changed', 1, [6]]);
      const next = await log.settle();
      expect([next.state, await sizes()]).toEqual(['changed', [6]]);
      expect(await log.verify()).toMatchObject({ valid: false });
    },
  );

  test('with outside checkpoints of another log nothing is signed, and the change is reported', async () => {
    const other = await TreeLog.open(opened.db, new Signer(randomBytes(32)));
    const note = await other.signer.note({ size: 2, root: randomBytes(32) });
    await log.outside.append(note);
    await other.remove();
    await act(3);
    const writer = await log.settle();
    expect([writer.state, await changed(), await listCheckpoints(opened.db, { after: 0, limit: 10 })]).toEqual([
      'changed',
      1,
      [],
    ]);
    expect(await log.verify()).toMatchObject({
      valid: false,
      firstBad: { reason: 'checkpoint', checkpoint: { kept: 'outside', size: 2, fault: 'unknown_key' } },
    });
    // A person has looked, and put the right folder in its place.
    await rm(log.outside.path);
    await writer.stop();
    expect([writer.state, await changed(), await sizes()]).toEqual(['ok', 0, [3]]);
  });

  test('of several writers one works at a time, and together they lose and repeat nothing', async () => {
    const writers = Array.from({ length: 3 }, () => log.writer());
    for (const writer of writers) writer.start();
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(...(await act(60)));
    await Promise.all(writers.map((writer) => writer.stop()));
    await log.settle();
    const places = new Set(await Promise.all(ids.map((id) => findLeaf(opened.db, id))));
    expect([places.size, places.has(undefined), await treeSize(opened.db)]).toEqual([1200, false, 1200]);
    expect(writers.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
    expect(await log.verify()).toMatchObject({ valid: true, checked: 1200, leaves: 1200, vouched: 1200 });
  });
});
