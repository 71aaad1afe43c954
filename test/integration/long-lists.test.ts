import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeLog } from '../../simulator/fixtures/stored-log.ts';
import { watchLoop } from '../../simulator/server/loop-gaps.ts';
import { tallyEvents } from '../../db/tallies.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { migrate } from '../../db/migrate.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Of one session; `INVIGIL_LONG=full`: as many as an outside review had. */
const EVENTS = process.env['INVIGIL_LONG'] === 'full' ? 12_000 : 3000;
const SESSIONS = 260;

let database: TestDatabase;
let site: TestServer;
let long: string;
let exam: string;

/** Every `n`th is of the models; one lasts. */
async function fill({ db }: OpenDatabase): Promise<void> {
  const stored = await storeLog(db, {
    entries: Math.ceil(EVENTS / 500),
    entriesASession: Math.ceil(EVENTS / 500),
    eventsAnEntry: 500,
  });
  [long] = stored.sessions as [string];
  ({ exam } = await storeLog(db, { entries: SESSIONS, entriesASession: 1, eventsAnEntry: 1 }));
  await sql`UPDATE events SET source = 'vision', type = 'LOOKING_AWAY', weight = 0, duration_ms = 1000, ended_at = started_at + interval '1 second' WHERE session_id = ${long} AND seq % 3 = 0`.execute(
    db,
  );
  await sql`UPDATE events SET ended_at = NULL WHERE session_id = ${long} AND seq = 3`.execute(db);
  await sql`INSERT INTO analysis_minutes (session_id, owner_epoch, minute, received, analysed, dropped, faces_none, faces_one, faces_more,
      pose_frames, yaw_sum, yaw_squares, pitch_sum, pitch_squares, gaze_frames, gaze_yaw_sum, gaze_yaw_squares, gaze_pitch_sum, gaze_pitch_squares, models)
    SELECT ${long}, 1, date_trunc('minute', now()) - make_interval(mins => n), 1, 1, '{}', 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]' FROM generate_series(0, 199) AS n`.execute(
    db,
  );
}

beforeAll(async () => {
  database = await createDatabase('pglite');
  const opened = await openDatabase(database);
  await migrate(opened.db);
  await fill(opened);
  await opened.close();
  site = await startTestServer({ database });
});
afterAll(async () => {
  await site?.close();
  await database?.remove();
});

type Page<T> = { items: T[]; nextCursor: string | null };

/** All pages, with how many items each has. */
async function pagesOf<T>(path: string): Promise<{ all: T[]; sizes: number[] }> {
  const [all, sizes]: [T[], number[]] = [[], []];
  for (let cursor = ''; ;) {
    const page = await site.admin.get<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`);
    all.push(...page.items);
    sizes.push(page.items.length);
    if (page.nextCursor === null) return { all, sizes };
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

describe('a session of many events', () => {
  test('is paged for a ProctorBE client, with every event in order', async () => {
    const path = `/admin/sessions/${long}/events`;
    const [ids, sizes]: [string[], number[]] = [[], []];
    for (let next: string | undefined = path; next !== undefined;) {
      const { status, body, headers } = await site.admin.send('GET', next);
      expect(status).toBe(200);
      const items = body as { id: string }[];
      ids.push(...items.map(({ id }) => id));
      sizes.push(items.length);
      const link: string | undefined = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
      expect(link === undefined).toBe(headers.get('x-next-cursor') === null);
      next = link;
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect(ids).toEqual((await site.admin.events(long)).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(EVENTS);
    await expect(site.admin.get(`${path}?limit=501`)).rejects.toMatchObject({ status: 400 });
    await expect(site.admin.get(`${path}?cursor=-1`)).rejects.toMatchObject({ status: 400 });
  });

  test('ProctorBE lists of sessions and exams link to older pages', async () => {
    const first = await site.admin.send('GET', '/admin/sessions');
    const rest = await site.admin.send('GET', `/admin/sessions?cursor=${first.headers.get('x-next-cursor')}`);
    const ids = [...(first.body as { id: string }[]), ...(rest.body as { id: string }[])].map(({ id }) => id);
    expect([(first.body as unknown[]).length, new Set(ids).size, rest.headers.get('link')]).toEqual([
      200,
      SESSIONS + 1,
      null,
    ]);
    const exams = await site.admin.send('GET', '/exams/?limit=1');
    const older = await site.admin.send('GET', `/exams/?limit=1&cursor=${exams.headers.get('x-next-cursor')}`);
    expect((exams.body as { id: string }[])[0]!.id).not.toBe((older.body as { id: string }[])[0]!.id);
  });

  test('has the same totals when summed in parts as at once', async () => {
    const { items } = await site.admin.get<Page<{ session: { id: string }; reasons: unknown[] }>>(
      `/api/proctoring/suspicious?level=Low&limit=200`,
    );
    expect(items).toHaveLength(200);
    const { counts } = await site.admin.get<{ counts: { type: string; count: number }[] }>(
      `/api/proctoring/attempt/${long}`,
    );
    const all = await site.admin.events(long);
    const count = (type: string) => all.filter((event) => event.type === type).length;
    expect(counts.map(({ type, count: n }) => [type, n])).toEqual([
      ['TAB_SWITCH', count('TAB_SWITCH')],
      ['LOOKING_AWAY', count('LOOKING_AWAY')],
    ]);
  });

  test('has any number of incidents by minute', async () => {
    const { all, sizes } = await pagesOf<{ incidents: Record<string, { began: number; seconds: number }> }>(
      `/api/proctoring/attempt/${long}/ai-analysis`,
    );
    expect(sizes).toEqual([200, 0]);
    const away = (await site.admin.events(long)).filter(({ type }) => type === 'LOOKING_AWAY').length;
    expect(all.reduce((sum, { incidents }) => sum + (incidents['LOOKING_AWAY']?.began ?? 0), 0)).toBe(away);
  });

  test('sends a console one snapshot of all running sessions, and missed events in parts', async () => {
    const socket = new RawSocket(site.url, await site.admin.consoleTicket());
    await socket.opened();
    socket.send({ type: 'subscribe', exam });
    expect(await socket.next('snapshot')).toMatchObject({ sessions: { length: SESSIONS } });
    socket.send({ type: 'subscribe', session: long, from: { [long]: 0 } });
    expect(await socket.next('snapshot')).toMatchObject({ sessions: [{ id: long, open: ['LOOKING_AWAY'] }] });
    await socket.next('gap');
    socket.close();
  });

  test.each([
    ['a filter with few matches', () => pagesOf('/api/sessions?room=nowhere')],
    ['a rare name', () => pagesOf('/api/users?q=nobody-of-that-name')],
    ['every event', () => site.admin.events(long)],
    ['suspicious ones', () => pagesOf('/api/proctoring/suspicious?level=Low')],
    ["the session's part of the log", () => pagesOf(`/api/blockchain/attempt/${long}`)],
    ['acts of one type', () => pagesOf('/api/blockchain/events/EVENTS_STORED')],
  ])('%s: the server goes on while it reads', async (_, read) => {
    const began = process.cpuUsage();
    const watched = watchLoop();
    await read();
    const { longestCpu, turns } = watched();
    const { user, system } = process.cpuUsage(began);
    const cpu = (user + system) / 1000;
    // In slices: no piece of it is most of the work, unless all of it was next to nothing.
    if (cpu > 500) expect(longestCpu).toBeLessThan(cpu / 2);
    expect(turns).toBeGreaterThan(0);
  });
});

test('a page of long entries ends early, and no entry is skipped', async () => {
  const { all, sizes } = await pagesOf<{ position: number; payload: string }>(`/api/blockchain/attempt/${long}`);
  expect(all.map(({ position }) => position)).toEqual(all.map((_, n) => n + 1));
  const most = Math.max(...all.map(({ payload }) => payload.length));
  expect(Math.max(...sizes) * most).toBeLessThan(1024 * 1024);
});

test('totals over many sessions equal those of each session', async () => {
  const at = await createDatabase('pglite');
  const opened = await openDatabase(at);
  await migrate(opened.db);
  const { sessions } = await storeLog(opened.db, { entries: 12, entriesASession: 4, eventsAnEntry: 600 });
  const together = await tallyEvents(opened.db, sessions);
  const apart = await Promise.all(sessions.map((session) => tallyEvents(opened.db, [session])));
  expect(together.toSorted((a, b) => (a.session_id < b.session_id ? -1 : 1))).toEqual(
    apart.flat().toSorted((a, b) => (a.session_id < b.session_id ? -1 : 1)),
  );
  expect(together).toMatchObject(sessions.map(() => ({ type: 'TAB_SWITCH', count: 2400, weight: 7200, seconds: 0 })));
  await opened.close();
  await at.remove();
});
