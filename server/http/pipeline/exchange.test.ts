import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { Metrics } from '../../metrics.ts';
import { createApp, listen, type Listener } from '../../socket/listen.ts';
import { parseNetworks, TrustedProxies } from '../edge/client-address.ts';
import { Edge } from '../edge/edge.ts';
import { Exchange } from './exchange.ts';

/** More than the socket buffers of both ends hold. */
const LARGE = randomBytes(24 * 1024 * 1024);
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let listener: Listener;
beforeAll(async () => {
  const app = createApp();
  const edge = new Edge({ connections: 0, connectionsPerAddress: 0 }, new TrustedProxies(parseNetworks('')), {
    metrics: new Metrics(),
    log: createLog('silent'),
  });
  edge.attach(app);
  app.get('/large', (res, req) => new Exchange(res, req, edge).answer(200, LARGE));
  app.get('/later', (res, req) => {
    const exchange = new Exchange(res, req, edge);
    setTimeout(() => exchange.answer(200, LARGE), 20);
  });
  app.get('/twice', (res, req) => {
    const exchange = new Exchange(res, req, edge);
    exchange.answer(200, 'once');
    exchange.answer(500, 'twice');
  });
  listener = await listen(app, '127.0.0.1', 0);
});
afterAll(() => listener.close());

const url = (path: string) => `http://127.0.0.1:${listener.port}${path}`;

test.each(['/large', '/later'])(
  '%s: a response that is read slowly arrives whole and keeps the connection',
  async (path) => {
    const socket = connect(listener.port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const size = () => received.reduce((sum, { length }) => sum + length, 0);
    socket.on('data', (data) => {
      received.push(data);
      // Slower than it could.
      if (received.length % 64 === 0) {
        socket.pause();
        setTimeout(() => socket.resume(), 5);
      }
    });
    const start = () => Buffer.concat(received.slice(0, 1)).indexOf('\r\n\r\n') + 4;
    while (received.length === 0 || size() < start() + LARGE.length) await sleep(20);
    expect(digest(Buffer.concat(received).subarray(start()))).toBe(digest(LARGE));
    received.length = 0;
    socket.write('GET /twice HTTP/1.1\r\nHost: x\r\n\r\n');
    while (!Buffer.concat(received).toString().endsWith('once')) await sleep(20);
    socket.destroy();
  },
);

test('a client that disconnects during its response affects no other request', async () => {
  for (let i = 0; i < 20; i++) {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('error', () => {});
    socket.once('data', () => (i % 2 ? socket.destroy() : socket.resetAndDestroy()));
  }
  await sleep(200);
  expect(await (await fetch(url('/twice'))).text()).toBe('once');
});
