import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'uWebSockets.js';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/executor.ts';
import { saveEvents } from '../../db/events.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { saveTotals, type SessionRow } from '../../db/sessions.ts';
import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { makeEvent, makeExam, makeSession, T0, totalsOf } from '../support/rows.ts';
import { waitFor } from '../support/server.ts';
import type { SessionUpdate } from '../../server/feed/feed.ts';
import { LiveAccess } from '../../server/access/live-access.ts';
import { DEFAULT_ORGANISATION } from '../../protocol/http/organisations.ts';
import { LocalFeed } from '../../server/feed/local.ts';
import { createLog } from '../../server/log.ts';
import { eventView } from '../../server/session/record/event-view.ts';
import type { SessionRegistry } from '../../server/session/live/session-registry.ts';
import { Connection, type SocketData } from '../../server/socket/connection.ts';
import { TeamDesk } from '../../server/session/team/team-desk.ts';
import { ConsoleFeed, MAX_HELD } from '../../server/socket/console-feed.ts';

let files: TestDatabase;
let database: OpenDatabase;
let away = false;
let real: Db;

beforeAll(async () => {
  files = await createDatabase('pglite');
  database = await openDatabase({ url: files.url, dataDir: files.dataDir, onError: () => {} });
  await migrate(database.db);
  real = database.db;
});
afterAll(async () => {
  await database.close();
  await files.remove();
});

/** Queries fail while it is away. */
const db = () =>
  new Proxy(real, {
    get: (target, name) => {
      if (away && name === 'selectFrom')
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** The other end, which reads or does not. */
class Reader {
  readonly messages: ConsoleDown[] = [];
  reads = true;
  closed: number | undefined;
  readonly socket = {
    getUserData: () => ({ identity: { userId: 'u', sessionId: undefined } }),
    cork: (work: () => void) => work(),
    send: (text: string | Uint8Array) => {
      if (!this.reads) return 2;
      this.messages.push(JSON.parse(Buffer.from(text as Uint8Array).toString()) as ConsoleDown);
      return 1;
    },
    end: (code: number) => (this.closed = code),
    getBufferedAmount: () => 0,
  };

  of<T extends ConsoleDown['type']>(type: T): Extract<ConsoleDown, { type: T }>[] {
    return this.messages.filter((message): message is Extract<ConsoleDown, { type: T }> => message.type === type);
  }

  get offsets(): number[] {
    return this.of('event').map(({ offset }) => offset);
  }
}

/** What is told in one turn leaves at its end. */
const turn = () => Promise.resolve();

let feed: LocalFeed;
let reader: Reader;
let shown: ConsoleFeed;

beforeEach(async () => {
  away = false;
  feed = new LocalFeed();
  reader = new Reader();
  const connection = new Connection(
    reader.socket as unknown as WebSocket<SocketData>,
    { record: () => {} },
    { confirm: () => {}, leave: () => {} },
  );
  // Nobody is connected here: what is live is told by the test.
  const registry = { find: () => undefined } as unknown as SessionRegistry;
  const access = new LiveAccess(real);
  const viewer = { userId: uuidv7(), role: 'admin', organisationId: DEFAULT_ORGANISATION } as const;
  const rights = await access.open(
    viewer,
    () => {},
    () => {},
  );
  shown = new ConsoleFeed(connection, rights, {
    db: db(),
    registry,
    feed,
    access,
    desk: new TeamDesk({ db: db(), feed, log: createLog('silent'), isLive: () => true }),
    clock: () => T0,
    log: createLog('silent'),
  });
});

/** A session with so many events, each of one change. */
async function sessionWith(events: number, more: { examId?: string; ended?: boolean } = {}): Promise<SessionRow> {
  const row = await makeSession(real, more.examId === undefined ? {} : { examId: more.examId });
  const rows = Array.from({ length: events }, (_, index) =>
    makeEvent(row.id, { id: uuidv7(), seq: index + 1, change_offset: index + 1 }),
  );
  for (let i = 0; i < rows.length; i += 500) await saveEvents(real, rows.slice(i, i + 500));
  await saveTotals(real, [
    totalsOf(row, {
      last_seq: events,
      last_offset: events,
      ...(more.ended ? { status: 'ended', end_reason: 'finished', ended_at: new Date(T0) } : {}),
    }),
  ]);
  return row;
}

const view = (row: SessionRow, offset: number): SessionView => ({
  id: row.id,
  examId: row.exam_id,
  studentId: row.student_id,
  studentName: 'Zoë',
  studentEmail: 'zoe@example.org',
  room: null,
  status: 'active',
  connected: true,
  startedAt: new Date(T0).toISOString(),
  deadline: null,
  endedAt: null,
  score: 0,
  rolling: 0,
  level: 'Low',
  open: [],
  lastFrameAt: null,
  offset,
});
const change = (row: SessionRow, ...offsets: number[]): SessionUpdate => ({
  view: view(row, offsets.at(-1) ?? 0),
  changes: offsets.map((offset) => ({
    offset,
    event: eventView(makeEvent(row.id, { seq: offset, change_offset: offset })),
  })),
  stateChanged: false,
});

describe('a subscription that the database cannot serve (P1)', () => {
  test('is answered with an error, buffers nothing meanwhile, and is served when the database is up', async () => {
    const row = await sessionWith(3);
    away = true;
    await expect(shown.subscribe({ type: 'subscribe', exam: row.exam_id, from: { [row.id]: 1 } })).rejects.toThrow(
      'ECONNREFUSED',
    );
    for (let offset = 4; offset < 5000; offset++) feed.publish(change(row, offset));
    expect(shown.held).toBe(0);
    expect(reader.messages).toEqual([]);
    away = false;
    await waitFor('the snapshot', () => reader.of('snapshot').length === 1 && reader.offsets.length === 2);
    expect(reader.of('snapshot')[0]!.sessions).toMatchObject([{ id: row.id, offset: 3 }]);
    expect(reader.offsets).toEqual([2, 3]);
    feed.publish(change(row, 4));
    await turn();
    expect(reader.offsets).toEqual([2, 3, 4]);
    shown.stop();
  });

  test('is dropped by the next subscription and by a close', async () => {
    const [one, two] = [await sessionWith(1), await sessionWith(1)];
    away = true;
    await expect(shown.subscribe({ type: 'subscribe', exam: one.exam_id })).rejects.toThrow('ECONNREFUSED');
    away = false;
    await shown.subscribe({ type: 'subscribe', exam: two.exam_id });
    away = true;
    await expect(shown.subscribe({ type: 'subscribe', exam: one.exam_id })).rejects.toThrow('ECONNREFUSED');
    shown.stop();
    away = false;
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(reader.of('snapshot').map(({ sessions }) => sessions.map(({ id }) => id))).toEqual([[two.id]]);
  });

  test('that takes long buffers a bounded number of updates, and sessions beyond it have a gap', async () => {
    const [row, quiet] = [await sessionWith(2), await makeExam(real)];
    const other = await sessionWith(0, { examId: row.exam_id });
    expect(quiet).not.toBe(row.exam_id);
    let release: (() => void) | undefined;
    // PGlite has one connection: what is asked meanwhile waits.
    const busy = real.transaction().execute(() => new Promise<void>((resolve) => (release = resolve)));
    await waitFor('a busy database', () => release !== undefined);
    const subscribing = shown.subscribe({ type: 'subscribe', exam: row.exam_id });
    feed.publish(change(other, 1));
    for (let offset = 3; offset < 3 + 2 * MAX_HELD; offset++) feed.publish(change(row, offset));
    expect(shown.held).toBe(MAX_HELD);
    release!();
    await Promise.all([busy, subscribing]);
    expect(shown.held).toBe(0);
    const last = reader.offsets.at(-1)!;
    expect(last).toBe(MAX_HELD + 1);
    expect(reader.of('gap')).toEqual([{ type: 'gap', session: row.id, after: last }]);
    expect(reader.of('event').filter(({ event }) => event.sessionId === other.id).length).toBe(1);
    shown.stop();
  });
});

describe('resuming from an offset (P1 P2)', () => {
  test('an ended session is sent with its events', async () => {
    const row = await sessionWith(4, { ended: true });
    await shown.subscribe({ type: 'subscribe', exam: row.exam_id, from: { [row.id]: 1 } });
    expect(reader.messages.map(({ type }) => type)).toEqual(['snapshot', 'session', 'event', 'event', 'event']);
    expect(reader.of('snapshot')[0]!.sessions).toEqual([]);
    expect(reader.of('session')[0]!.session).toMatchObject({ id: row.id, status: 'ended', offset: 4 });
    expect(reader.offsets).toEqual([2, 3, 4]);
    shown.stop();
  });

  test('an unknown session or one of another exam gets an error with its id, and the others are served', async () => {
    const [row, other] = [await sessionWith(2), await sessionWith(2)];
    const nobody = uuidv7();
    await shown.subscribe({ type: 'subscribe', exam: row.exam_id, from: { [nobody]: 1, [other.id]: 0, [row.id]: 1 } });
    expect(reader.of('error').map(({ code, ref }) => [code, ref])).toEqual([
      ['not_found', nobody],
      ['not_found', other.id],
    ]);
    expect(reader.offsets).toEqual([2]);
    expect(reader.closed).toBeUndefined();
    shown.stop();
  });

  test('more than a thousand changes are sent in parts, with a gap to resume from', async () => {
    const row = await sessionWith(2300);
    let from = 0;
    const parts: number[] = [];
    do {
      reader.messages.length = 0;
      await shown.subscribe({ type: 'subscribe', session: row.id, from: { [row.id]: from } });
      expect(reader.offsets).toEqual(Array.from({ length: reader.offsets.length }, (_, index) => from + index + 1));
      parts.push(reader.offsets.length);
      from = reader.of('gap')[0]?.after ?? 0;
    } while (from > 0);
    expect(parts).toEqual([1000, 1000, 300]);
    shown.stop();
  });

  test('an offset that the session has not reached gets no replay, and later changes are live', async () => {
    const row = await sessionWith(3);
    await shown.subscribe({ type: 'subscribe', exam: row.exam_id, from: { [row.id]: 1_000_000 } });
    expect(reader.of('snapshot')[0]!.sessions).toMatchObject([{ offset: 3 }]);
    feed.publish(change(row, 4, 5));
    await turn();
    expect(reader.offsets).toEqual([4, 5]);
    shown.stop();
  });

  test('sessions beyond the size of a snapshot follow one by one', async () => {
    const row = await sessionWith(0);
    await sql`INSERT INTO users (id, email, name, role, password_hash)
      SELECT gen_random_uuid(), 'many-' || n || '@example.org', 'Zoë', 'student', 'none' FROM generate_series(1, 2100) AS n`.execute(
      real,
    );
    await sql`INSERT INTO sessions (id, exam_id, student_id, status, policy, policy_version, started_at, owner_epoch, risk_score, rolling_risk, rolling_at, risk_level, last_seq, last_offset)
      SELECT gen_random_uuid(), s.exam_id, u.id, s.status, s.policy, s.policy_version, s.started_at, 0, 0, 0, s.rolling_at, s.risk_level, 0, 0
      FROM sessions AS s, users AS u WHERE s.id = ${row.id} AND u.email LIKE 'many-%'`.execute(real);
    await shown.subscribe({ type: 'subscribe', exam: row.exam_id });
    expect(reader.of('snapshot')[0]!.sessions.length).toBe(2000);
    const ids = new Set(
      [...reader.of('snapshot')[0]!.sessions, ...reader.of('session').map(({ session }) => session)].map(
        ({ id }) => id,
      ),
    );
    expect(ids.size).toBe(2101);
    shown.stop();
  });
});

describe('updates dropped for a console (P2)', () => {
  test('are announced once it reads again, as a gap with the offset before the first dropped one', async () => {
    const [row, other] = [await sessionWith(1), await sessionWith(0)];
    await shown.subscribe({ type: 'subscribe' });
    feed.publish(change(row, 2));
    await turn();
    reader.reads = false;
    feed.publish(change(row, 3));
    feed.publish(change(row, 4));
    await turn();
    reader.reads = true;
    feed.publish(change(row, 5));
    feed.publish(change(other, 1));
    await turn();
    shown.drained();
    expect(reader.of('gap')).toEqual([{ type: 'gap', session: row.id, after: 2 }]);
    shown.drained();
    expect(reader.of('gap').length).toBe(1);
    shown.stop();
  });

  test('are announced as a gap when another process owned the session in between', async () => {
    const row = await sessionWith(2);
    await shown.subscribe({ type: 'subscribe', exam: row.exam_id });
    feed.publish(change(row, 3));
    feed.publish(change(row, 7));
    await turn();
    expect(reader.of('gap')).toEqual([{ type: 'gap', session: row.id, after: 3 }]);
    shown.stop();
  });

  test('close a console that cannot receive its snapshot', async () => {
    reader.reads = false;
    await shown.subscribe({ type: 'subscribe' });
    expect(reader.closed).toBe(4429);
    shown.stop();
  });
});
