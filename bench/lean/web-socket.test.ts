import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './frame-writer.ts';
import { LeanSocket } from './web-socket.ts';

let server: WebSocketServer;
let url: string;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** A socket, its other end, and the messages it reported. */
async function open(): Promise<{ socket: LeanSocket; other: WebSocket; told: string[] }> {
  const told: string[] = [];
  const connected = once(server, 'connection');
  const listener = {
    text: (payload: Buffer) => void told.push(payload.toString('utf8')),
    ended: (reason: string) => void told.push(`ended: ${reason}`),
  };
  const socket = await LeanSocket.open({ url, ticket: 'x' }, '/ws/exam', listener);
  const [other] = (await connected) as [WebSocket];
  return { socket, other, told };
}

test('concurrent sockets receive messages, and a close is reported with its code', async () => {
  const all = [await open(), await open(), await open()];
  const long = 'x'.repeat(100_000);
  for (let n = 0; n < 50; n++) for (const { other } of all) other.send(n === 25 ? long : `message ${n}`);
  for (const { other } of all) other.close(4410, 'session_over');
  for (const { told } of all) {
    await expect.poll(() => told).toHaveLength(51);
    expect(told[25]).toBe(long);
    expect(told.filter((_, n) => n !== 25)).toEqual([
      ...Array.from({ length: 50 }, (_, n) => `message ${n}`).filter((_, n) => n !== 25),
      'ended: closed 4410 session_over',
    ]);
  }
});

test('written messages arrive, and pings are answered', async () => {
  const { socket, other } = await open();
  const [message, pong] = [once(other, 'message'), once(other, 'pong')];
  socket.write(textFrame('{"type":"hello"}'));
  other.ping('here?');
  expect(String((await message)[0])).toBe('{"type":"hello"}');
  expect(String((await pong)[0])).toBe('here?');
  socket.close();
  expect((await once(other, 'close'))[0]).toBe(1005);
});

test.each<[string, (other: WebSocket) => void]>([
  ['is cut off', (other) => other.terminate()],
  ['ends without a word', (other) => (other as unknown as { _socket: { end(): void } })._socket.end()],
])('a connection that %s is told to have ended; one that was closed here is not', async (_, cut) => {
  const [one, own] = [await open(), await open()];
  own.socket.close();
  cut(one.other);
  cut(own.other);
  await expect.poll(() => one.told).toEqual(['ended: the connection was cut']);
  expect(own.told).toEqual([]);
});

test('a refused upgrade is reported with its reason', async () => {
  await expect(
    LeanSocket.open({ url, ticket: 'not a token' }, '/ws/exam', { text: () => {}, ended: () => {} }),
  ).rejects.toThrow('HTTP/1.1 400');
});
