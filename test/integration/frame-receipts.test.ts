import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { jpeg } from '../support/pictures.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ vision: true });
});
afterAll(() => site?.close());

const received = (socket: RawSocket) => socket.of('received').map(({ frame }) => frame);

test('F13: `welcome` announces receipts, and a frame is received before it is analysed', async () => {
  const attempt = await startAttempt(site);
  const socket = await attempt.connect();
  expect(socket.of('welcome')).toMatchObject([{ receipts: true }]);
  socket.sendFrame(7, jpeg(1));
  await socket.next('analysis');
  const types = socket.messages.map(({ type }) => type).filter((type) => type === 'received' || type === 'analysis');
  expect(types).toEqual(['received', 'analysis']);
  expect(received(socket)).toEqual([7]);
  socket.close();
});

test('F13: frames over the rate, not due, invalid, too large, out of order or sent while paused are received', async () => {
  const attempt = await startAttempt(site, { frames: { sendFps: 2, analyseFps: 0.1 } });
  const socket = await attempt.connect();
  // At most two of ten are within the rate, and one is due.
  for (let seq = 1; seq <= 10; seq++) socket.sendFrame(seq, jpeg(seq));
  socket.sendFrame(11, new Uint8Array(500).fill(7));
  socket.sendFrame(12, jpeg(1, 1280, 720));
  socket.sendFrame(5, jpeg(5));
  await socket.until('every receipt', () => received(socket).length === 13);
  expect(received(socket)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 5]);
  socket.close();
});

test('F13, F8: a frame of a paused session is received and dropped', async () => {
  const attempt = await startAttempt(site);
  const socket = await attempt.connect();
  const proctor = await watchExam(site, attempt.exam.id);
  proctor.send({ type: 'command', session: attempt.session.id, do: 'pause', reason: 'a word' });
  await socket.next('paused');
  socket.sendFrame(1, jpeg(1));
  await socket.next('received');
  expect(received(socket)).toEqual([1]);
  socket.close();
  proctor.close();
});

test('F13: without vision frames are received', async () => {
  await using blind = await startTestServer();
  const attempt = await startAttempt(blind);
  const socket = await attempt.connect();
  expect(socket.of('welcome')).toMatchObject([{ vision: 'off', receipts: true }]);
  socket.sendFrame(1, jpeg(1));
  await socket.next('received');
  socket.close();
});
