import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Attempt, signal, startAttempt } from '../support/attempt.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
let attempt: Attempt;
beforeAll(async () => {
  site = await startTestServer();
  attempt = await startAttempt(site);
});
afterAll(() => site?.close());

test('signals in one TCP segment are stored in order, also when the socket closes right after them (S2)', async () => {
  const own = await startAttempt(site);
  const socket = await own.connect();
  const count = 60;
  for (let seq = 1; seq <= count; seq++) socket.send({ ...signal(seq), data: { seq, text: 'x'.repeat(1500) } });
  socket.close();
  const stored = async () => (await own.events()).filter(({ type }) => type === 'TAB_SWITCH');
  await waitFor('all signals', async () => (await stored()).length === count);
  expect((await stored()).map(({ details }) => (details['data'] as { seq: number }).seq)).toEqual(
    Array.from({ length: count }, (_, n) => n + 1),
  );
});

test('messages after a fatal one in the same TCP segment are ignored (T1)', async () => {
  const own = await startAttempt(site);
  const socket = await greet(site.url, await own.student.examTicket(own.session.id));
  socket.send({ ...signal(1), data: { text: 'x'.repeat(1500) } });
  for (let i = 0; i < 20; i++) socket.send(`{"type":"signal","data":[${'0,'.repeat(1500)}0]}`);
  socket.send(signal(2));
  expect(await socket.closed()).toBe(4400);
  await waitFor('the first signal', async () => (await own.types()).includes('TAB_SWITCH'));
  expect((await own.types()).filter((type) => type === 'TAB_SWITCH').length).toBe(1);
});

test('a message of more than a thousand values closes the socket before it is parsed (T1)', async () => {
  for (const value of [
    `[${'0,'.repeat(1000)}0]`,
    `{${'"a":0,'.repeat(1000)}"a":0}`,
    '['.repeat(5000) + ']'.repeat(5000),
  ]) {
    const socket = await attempt.connect();
    socket.send(`{"type":"signal","seq":1,"signal":"COPY","at":"2026-01-01T00:00:00Z","data":{"a":${value}}}`);
    expect(await socket.next('error')).toMatchObject({
      code: 'bad_message',
      message: expect.stringContaining('1000 values'),
    });
    expect(await socket.closed()).toBe(4400);
  }
  const console_ = new RawSocket(site.url, await site.admin.consoleTicket());
  await console_.opened();
  console_.send(`{"type":"subscribe","from":{${'"a":0,'.repeat(1000)}"a":0}}`);
  expect(await console_.closed()).toBe(4400);
});

test('too many pipelined requests close their connection and do not delay other clients', async () => {
  const { hostname, port } = new URL(site.url);
  const one = 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const count = 40_000;
  let received = 0;
  const socket = connect(Number(port), hostname);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.on('data', (data: Buffer) => (received += data.length));
  socket.write(one.repeat(count));
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetch(`${site.url}/health`).then(({ status }) => status)),
  );
  expect(new Set(answers)).toEqual(new Set([200]));
  await closed;
  // An answer has 200 bytes at least.
  expect(received / 200).toBeLessThan(count);
});
