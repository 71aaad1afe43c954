import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Line } from './line.ts';

let server: WebSocketServer;
let url: string;

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

function open(line: Line): { code: number | undefined } {
  const seen: { code: number | undefined } = { code: undefined };
  const socket = new line.WebSocket(url, []);
  socket.onerror = () => {};
  socket.onclose = ((event: { code: number }) => void (seen.code = event.code)) as never;
  return seen;
}

test('a cut line drops sockets without a close frame and fails requests, and a restored line passes new ones', async () => {
  const line = new Line();
  const first = open(line);
  await expect.poll(() => server.clients.size).toBe(1);
  line.cut();
  await expect.poll(() => first.code).toBe(1006);
  await expect(line.request(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'unavailable', retryable: true });

  line.mend();
  open(line);
  await expect.poll(() => server.clients.size).toBe(1);
  expect(await line.request(() => Promise.resolve(1))).toBe(1);
});

test('a socket opened while the line is cut does not connect', async () => {
  const line = new Line();
  line.cut();
  const seen = open(line);
  await expect.poll(() => seen.code).toBe(1006);
});

test('a refused upgrade is reported with its status, a cut socket is not', async () => {
  const refused: string[] = [];
  const line = new Line((how) => refused.push(how));
  const limited = createServer()
    .on('upgrade', (_, socket) => socket.end('HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n'))
    .listen(0, '127.0.0.1');
  await once(limited, 'listening');
  url = `ws://127.0.0.1:${(limited.address() as AddressInfo).port}`;
  const seen = open(line);
  await expect.poll(() => seen.code).toBe(1006);
  line.cut();
  const cut = open(line);
  await expect.poll(() => cut.code).toBe(1006);
  limited.close();
  expect(refused).toEqual(['429']);
});
