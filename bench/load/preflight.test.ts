import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { askServer, checkWire } from './preflight.ts';

const servers: (Server | WebSocketServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const TICKET = { ticket: 'good', url: '/ws/exam', expiresAt: new Date(0).toISOString() };

test('an unreachable server and a foreign server are reported in plain words', async () => {
  const gone = await serve((_, response) => response.end());
  gone.server.close();
  await expect(askServer(gone.url)).rejects.toThrow(/^no response from http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  const page = await serve((_, response) => response.setHeader('content-type', 'text/html').end('<h1>It works</h1>'));
  await expect(askServer(page.url)).rejects.toThrow(/is not an Invigil server/);
  const other = await serve((_, response) => response.end('{"status":"ok"}'));
  await expect(askServer(other.url)).rejects.toThrow(/is not an Invigil server/);
  const empty = await serve((_, response) => response.writeHead(404).end());
  await expect(askServer(empty.url)).rejects.toThrow(/is not an Invigil server: GET \/health: 404/);
});

test('a server that accepts only another subprotocol version is refused', async () => {
  const { server, url } = await serve((_, response) => response.end());
  server.on('upgrade', (_, socket) => {
    const body = JSON.stringify({ code: 'bad_ticket', detail: 'offer the subprotocols invigil.v2 and ticket.<value>' });
    socket.end(`HTTP/1.1 401 Unauthorized\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
  });
  await expect(checkWire(url, TICKET)).rejects.toThrow(
    /another version of the wire protocol than invigil\.v1: 401 bad_ticket offer the subprotocols invigil\.v2/,
  );
});

test.each([
  ['that selects another subprotocol', 'invigil.v2', '', /another version of the wire protocol.*subprotocol/],
  [
    'that sends a welcome of an unknown form',
    'invigil.v1',
    '{"type":"welcome","session":"elsewhere"}',
    /another version of the wire protocol.*welcome has an unknown form/,
  ],
  [
    'that reports an error instead of a welcome',
    'invigil.v1',
    '{"type":"error","code":"unavailable","message":"the store is away","retryable":true}',
    /sends no welcome: unavailable: the store is away/,
  ],
])('a server %s', async (_what, name, greeting, said) => {
  const { server, url } = await serve((_, response) => response.end());
  const sockets = new WebSocketServer({ server, handleProtocols: () => name });
  servers.push(sockets);
  sockets.on('connection', (socket) => socket.on('message', () => socket.send(greeting)));
  await expect(checkWire(url, TICKET)).rejects.toThrow(said);
});

test('a proxy without WebSocket upgrades is reported as such', async () => {
  const { url } = await serve((_, response) => response.writeHead(502).end('bad gateway'));
  await expect(checkWire(url, TICKET)).rejects.toThrow(/refuses sockets: 502.*pass WebSocket upgrades/);
});
