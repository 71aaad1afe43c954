import { describe, expect, test } from 'vitest';
import { signal, startAttempt } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { FaultyDb } from '../support/faulty-db.ts';
import { frameForm } from '../support/frame-form.ts';
import { jpeg } from '../support/pictures.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** Some 70 signals of these tests queue before clients are held, and some 17 before frames are shed. */
const BACKLOG_MB = '0.25';

interface FaultySite extends TestServer {
  readonly faulty: FaultyDb;
  readonly clock: { aheadMs: number };
  metric(name: string): Promise<number>;
}

async function startFaulty(kind: (typeof KINDS)[number]['kind']): Promise<FaultySite> {
  let faulty: FaultyDb | undefined;
  const clock = { aheadMs: 0 };
  const overrides = {
    db: (real: FaultyDb['db']) => (faulty = new FaultyDb(real)).db,
    clock: () => Date.now() + clock.aheadMs,
  };
  const site = await startTestServer({ kind, env: { BACKLOG_MB }, vision: true, overrides });
  const metric = async (name: string) => {
    const text = await (await fetch(`${site.url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1] ?? 0,
    );
  };
  return { ...site, faulty: faulty!, clock, metric };
}

describe.for(KINDS)('while the database is down and the write queue grows, on $title', ({ kind, available }) => {
  test.runIf(available)(
    'the SDK holds and resumes on one connection, each signal is stored once and in order, and frames are shed first (S9)',
    async () => {
      await using site = await startFaulty(kind);
      const attempt = await startAttempt(site);
      const client = createClient(attempt.student, attempt.session.id);
      const heard: string[] = [];
      const states: string[] = [];
      client.on('hold', ({ from }) => heard.push(`hold ${from}`));
      client.on('go', ({ from }) => heard.push(`go ${from}`));
      client.on('throttle', ({ fps, reason }) => heard.push(`${fps} fps, ${reason}`));
      client.on('state', ({ state }) => states.push(state));
      const others = await Promise.all([startAttempt(site), startAttempt(site)]);
      await client.connect();
      const sockets = await Promise.all(others.map((other) => other.connect()));
      site.faulty.fail('away');
      for (const socket of sockets) for (let seq = 1; seq <= 40; seq++) socket.send(signal(seq));
      for (let n = 1; n <= 200; n++) client.signal('PASTE', { n });
      await waitFor('the hold', () => client.held);
      // After another minute: frames shed by the server cause no event for the student.
      const frames = setInterval(() => client.sendFrame(jpeg(heard.length)), 100);
      site.clock.aheadMs += 60_000;
      const unlooked = 'invigil_frames_dropped_total{reason="store_away"}';
      await waitFor('frames that give way', async () => (await site.metric(unlooked)) >= 2);
      site.clock.aheadMs += 60_000;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      clearInterval(frames);
      expect(client.pending).toBe(200);
      expect(await (await fetch(`${site.url}/ready`)).json()).toEqual({ ready: false });
      expect(await site.metric('invigil_journal_pressure')).toBe(2);
      site.faulty.mend();
      await client.drained();
      await waitFor('no pressure', async () => (await site.metric('invigil_journal_pressure')) === 0);
      client.close();
      const [first, ...rest] = heard.filter((line) => /^(hold|go)/.test(line));
      expect(first).toMatch(/^hold \d+$/);
      expect(rest.at(-1)).toMatch(/^go \d+$/);
      expect(heard).toEqual(expect.arrayContaining(['2 fps, policy', '0.2 fps, busy']));
      expect(heard.filter((line) => line.includes('fps')).at(-1)).toBe('2 fps, policy');
      expect(states).toEqual(['connecting', 'live', 'idle']);
      const events = await attempt.events();
      expect(
        events.filter(({ type }) => type === 'PASTE').map(({ details }) => (details['data'] as { n: number }).n),
      ).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
      expect(events.filter(({ source }) => source === 'vision')).toEqual([]);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1));
      for (const socket of sockets) expect(socket.closeCode).toBeUndefined();
    },
  );
});

test('signals in flight at hold and at resume are skipped, and HTTP events are refused as retryable (S9 H1 H2)', async () => {
  await using site = await startFaulty('pglite');
  const attempt = await startAttempt(site);
  const beside = await startAttempt(site);
  const socket = await attempt.connect();
  const fill = await beside.connect();
  socket.send(signal(1));
  await socket.next('ack');
  const body = JSON.stringify({ sessionId: attempt.session.id, type: 'COPY' });
  const report = () =>
    attempt.student.send('POST', '/api/proctoring/event', {
      body,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'a' },
    });
  expect((await report()).status).toBe(201);
  site.faulty.fail('away');
  for (let seq = 1; seq <= 64; seq++) fill.send({ ...signal(seq), data: { text: 'x'.repeat(1000) } });
  expect(await socket.next('hold')).toEqual({ type: 'hold', from: 2 });
  for (const seq of [2, 3, 4]) socket.send(signal(seq));
  const fresh = () =>
    attempt.student.send('POST', '/api/proctoring/event', {
      body,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'b' },
    });
  const refused = await fresh();
  expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
    503,
    '5',
    expect.objectContaining({ code: 'unavailable', retryable: true }),
  ]);
  // A repeated request succeeds: it is stored.
  expect((await report()).headers.get('idempotency-replayed')).toBe('true');
  const frame = await attempt.student.send('POST', `/cv/analyze-frame?session_id=${attempt.session.id}`, {
    body: frameForm(jpeg()),
  });
  expect([frame.status, frame.headers.get('retry-after')]).toEqual([503, '5']);
  site.faulty.mend();
  expect(await socket.next('go')).toEqual({ type: 'go', from: 2 });
  // As if sent before `hold` was read: 4 leaves no gap.
  socket.send(signal(4));
  for (const seq of [2, 3, 4]) socket.send(signal(seq));
  await socket.until('the last ack', () => socket.of('ack').some(({ seq }) => seq === 4));
  expect(socket.closeCode).toBeUndefined();
  expect((await fresh()).status).toBe(201);
  const types = (await attempt.events()).filter(({ source }) => source === 'client').map(({ type }) => type);
  expect(types).toEqual(['TAB_SWITCH', 'COPY', 'TAB_SWITCH', 'TAB_SWITCH', 'TAB_SWITCH', 'COPY']);
});
