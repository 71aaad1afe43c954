import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScriptedServer } from '../test/scripted-server.ts';
import { InvigilClient } from './client.ts';
import type { SocketLike } from './socket.ts';
import { StallWatch } from './stall-watch.ts';

const JPEG = new Uint8Array(2000).fill(7);
let server: ScriptedServer;
let client: InvigilClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new InvigilClient(server.options());
});
afterEach(async () => {
  client.close();
  await server.stop();
});

test('F1, F3: frames carry the capture time and a sequence number that increases across reconnects', async () => {
  expect(client.sendFrame(JPEG)).toBe(false);
  await client.connect();
  expect(client.sendFrame(JPEG, 1234.5)).toBe(true);
  await expect.poll(() => server.frames).toHaveLength(1);
  server.socket.terminate();
  await expect.poll(() => server.connections).toHaveLength(2);
  await expect.poll(() => client.sendFrame(JPEG)).toBe(true);
  await expect.poll(() => server.frames.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(server.frames[0]).toMatchObject({ capturedAt: 1234.5, jpeg: JPEG });
});

test('F7: sends at the stated rate and follows a throttle', async () => {
  server.fps = 50;
  await client.connect();
  /** @returns time that so many frames take, ms: a busy machine can only make it longer */
  const timeOf = async (frames: number) => {
    const from = performance.now();
    for (let sent = 0; sent < frames;) {
      if (client.sendFrame(JPEG)) sent++;
      await new Promise((done) => setTimeout(done, 1));
    }
    return performance.now() - from;
  };
  expect(await timeOf(22)).toBeGreaterThan(400);
  server.send({ type: 'throttle', fps: 10, maxWidth: 320, quality: 0.5, reason: 'busy' });
  await expect.poll(() => client.throttle?.fps).toBe(10);
  expect(await timeOf(6)).toBeGreaterThan(400);
  expect(client.throttle).toEqual({ fps: 10, maxWidth: 320, quality: 0.5, reason: 'busy' });
});

test('F8: frames are sent while paused, so that people can watch', async () => {
  await client.connect();
  server.send({ type: 'paused', reason: 'a word with you', at: new Date().toISOString() });
  await expect.poll(() => client.paused).toBe(true);
  await expect.poll(() => client.wantsFrame).toBe(true);
  expect(client.sendFrame(JPEG)).toBe(true);
});

test('F8: nothing is sent while paused by an older server, which drops it', async () => {
  await client.connect();
  server.send({ type: 'paused', reason: 'a word with you' });
  await expect.poll(() => client.paused).toBe(true);
  expect(client.wantsFrame).toBe(false);
  expect(client.sendFrame(JPEG)).toBe(false);
  server.send({ type: 'resumed' });
  await expect.poll(() => client.paused).toBe(false);
  expect(client.sendFrame(JPEG)).toBe(true);
});

test('F2: a frame that is too large is not sent', async () => {
  await client.connect();
  expect(client.sendFrame(new Uint8Array(256 * 1024))).toBe(false);
  expect(client.frames).toEqual({ sent: 0, skipped: 1 });
});

test('F4: while one frame is being sent the next is skipped, not queued', async () => {
  let buffered = 0;
  const Plain = server.options().WebSocket as new (url: string, protocols: string[]) => SocketLike;
  class Slow extends Plain {
    override get bufferedAmount(): number {
      return buffered;
    }
  }
  client = new InvigilClient(server.options({ WebSocket: Slow }));
  await client.connect();
  buffered = JPEG.byteLength + 1;
  expect(client.sendFrame(JPEG)).toBe(false);
  buffered = 0;
  expect(client.sendFrame(JPEG)).toBe(true);
});

/** Looks once a second. @returns the time of the first stall, s; undefined if there is none */
function stallOf(watch: StallWatch, seconds: number, at: (second: number) => [buffered: number, unanswered: number]) {
  for (let second = 0; second <= seconds; second++) if (watch.stalled(...at(second), second * 1000)) return second;
  return undefined;
}

test('a connection counts as lost when its buffer does not shrink for 20 s and the time of its bytes at 4 KB/s', () => {
  expect(stallOf(new StallWatch(20_000), 60, () => [8_000, 0])).toBe(22);
  expect(stallOf(new StallWatch(20_000), 60, () => [0, 8_000])).toBe(22);
  expect(stallOf(new StallWatch(20_000), 60, () => [0, 80_000])).toBe(40);
  // Growing is no sign of life.
  expect(stallOf(new StallWatch(20_000), 60, (second) => [8_000 + second, 0])).toBe(23);
});

test('a connection whose buffer shrinks, that answers, or that owes no answer does not count as lost', () => {
  expect(stallOf(new StallWatch(20_000), 600, (second) => [1e6 - second, 80_000])).toBeUndefined();
  expect(stallOf(new StallWatch(20_000), 600, () => [0, 0])).toBeUndefined();
  const watch = new StallWatch(20_000);
  const answering = (second: number): [number, number] => {
    if (second % 15 === 0) watch.heard();
    return [5_000, 5_000];
  };
  expect(stallOf(watch, 600, answering)).toBeUndefined();
});

test('a page that slept reads the messages of that time before its connection counts as lost', () => {
  const watch = new StallWatch(20_000);
  expect(watch.stalled(0, 4_000, 0)).toBe(false);
  expect(watch.stalled(0, 4_000, 3_600_000)).toBe(false);
  watch.heard();
  expect(watch.stalled(0, 4_000, 3_601_000)).toBe(false);
  expect(watch.stalled(0, 4_000, 3_620_000)).toBe(false);
});

test('F13: with two frames unanswered none is wanted; `received` and `analysis` answer', async () => {
  server.receipts = false;
  await client.connect();
  expect(client.sendFrame(JPEG)).toBe(true);
  await expect.poll(() => client.sendFrame(JPEG)).toBe(true);
  await expect.poll(() => server.frames).toHaveLength(2);
  expect(client.wantsFrame).toBe(false);
  expect(client.sendFrame(JPEG)).toBe(false);
  server.send({ type: 'received', frame: 1 });
  await expect.poll(() => client.sendFrame(JPEG)).toBe(true);
  expect(client.wantsFrame).toBe(false);
  server.send({ type: 'analysis', frame: 3, faces: 1, pose: null, gaze: null });
  await expect.poll(() => client.wantsFrame).toBe(true);
});

test('F13: frames that were unanswered on the last connection do not count on the next', async () => {
  server.receipts = false;
  await client.connect();
  expect(client.sendFrame(JPEG)).toBe(true);
  await expect.poll(() => client.sendFrame(JPEG)).toBe(true);
  server.socket.terminate();
  await expect.poll(() => server.connections).toHaveLength(2);
  await expect.poll(() => client.wantsFrame).toBe(true);
});

test('F13: signals are sent while frames are unanswered', async () => {
  server.receipts = false;
  await client.connect();
  expect(client.sendFrame(JPEG)).toBe(true);
  await expect.poll(() => client.sendFrame(JPEG)).toBe(true);
  client.signal('COPY');
  await client.drained();
  expect(client.pending).toBe(0);
});

test('F13: pictures start small on each connection, and grow with the first prompt answer', async () => {
  await client.connect();
  expect(client.picture).toEqual({ fps: 500, maxWidth: 320, quality: 0.4 });
  expect(client.sendFrame(JPEG)).toBe(true);
  await expect.poll(() => client.picture!.maxWidth).toBeGreaterThan(320);
  expect(client.uplink).toMatchObject({ state: 'full' });
  expect(client.throttle).toMatchObject({ fps: 1000, maxWidth: 640, quality: 0.8 });
});
