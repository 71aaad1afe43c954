import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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
  await vi.waitFor(() => expect(server.frames).toHaveLength(1));
  server.socket.terminate();
  await vi.waitFor(() => expect(server.connections).toHaveLength(2));
  await vi.waitFor(() => expect(client.sendFrame(JPEG)).toBe(true));
  await vi.waitFor(() => expect(server.frames.map(({ seq }) => seq)).toEqual([1, 2]));
  expect(server.frames[0]).toMatchObject({ capturedAt: 1234.5, jpeg: JPEG });
});

test('F7: sends at the stated rate and follows a throttle', async () => {
  server.fps = 50;
  await client.connect();
  const offer = async (ms: number) => {
    const end = performance.now() + ms;
    let sent = 0;
    while (performance.now() < end) {
      if (client.sendFrame(JPEG)) sent++;
      await new Promise((done) => setTimeout(done, 1));
    }
    return sent;
  };
  // Timers on a busy machine can only make it fewer.
  const first = await offer(400);
  expect(first).toBeLessThanOrEqual(21);
  expect(first).toBeGreaterThan(5);
  server.send({ type: 'throttle', fps: 10, maxWidth: 320, quality: 0.5, reason: 'busy' });
  await vi.waitFor(() => expect(client.throttle?.fps).toBe(10));
  expect(await offer(400)).toBeLessThanOrEqual(5);
  expect(client.throttle).toEqual({ fps: 10, maxWidth: 320, quality: 0.5, reason: 'busy' });
});

test('F8: nothing is sent while paused', async () => {
  await client.connect();
  server.send({ type: 'paused', reason: 'a word with you' });
  await vi.waitFor(() => expect(client.paused).toBe(true));
  expect(client.wantsFrame).toBe(false);
  expect(client.sendFrame(JPEG)).toBe(false);
  server.send({ type: 'resumed' });
  await vi.waitFor(() => expect(client.paused).toBe(false));
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

test('a connection whose buffer does not shrink for 20 s counts as lost', () => {
  const watch = new StallWatch(20_000);
  expect(watch.stalled(5000, 0)).toBe(false);
  expect(watch.stalled(5000, 19_999)).toBe(false);
  expect(watch.stalled(4000, 20_000)).toBe(false);
  expect(watch.stalled(4000, 40_000)).toBe(true);
  expect(watch.stalled(0, 40_001)).toBe(false);
  expect(watch.stalled(4000, 40_002)).toBe(false);
});
