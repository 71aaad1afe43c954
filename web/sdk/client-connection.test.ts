import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ScriptedServer } from '../test/scripted-server.ts';
import { InvigilClient } from './client.ts';
import type { StateChange } from './link-state.ts';
import type { LinkOptions } from './link-options.ts';

let server: ScriptedServer;
const clients: InvigilClient[] = [];

beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

function make(options: Partial<LinkOptions> = {}): { client: InvigilClient; states: StateChange[] } {
  const client = new InvigilClient(server.options(options));
  const states: StateChange[] = [];
  client.on('state', (change) => states.push(change));
  clients.push(client);
  return { client, states };
}
const settle = () => new Promise((done) => setTimeout(done, 60));
const refusal = (code: string) => Object.assign(new Error(code), { code, retryable: false });

test('C2, C6: offers the ticket as a subprotocol, sends hello and reads welcome', async () => {
  server.paused = true;
  const { client, states } = make();
  await client.connect();
  expect(server.tickets).toEqual(['t1']);
  expect(client.paused).toBe(true);
  expect(client.throttle).toMatchObject({ fps: 1000, maxWidth: 640 });
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'live']);
});

test.each([1011, 1012, 4408, 4429])(
  'C10: reconnects after close %i with a new ticket and resumes its stream',
  async (code) => {
    const { client } = make();
    await client.connect();
    server.socket.close(code);
    await expect.poll(() => server.connections).toHaveLength(2);
    await expect.poll(() => client.state).toBe('live');
    expect(server.tickets).toEqual(['t1', 't2']);
    expect(server.received.at(-1)).toMatchObject({ type: 'hello', resume: { lastSeq: 0 } });
  },
);

test.each([
  [4400, 'failed'],
  [4403, 'failed'],
  [4409, 'takenOver'],
  [4410, 'ended'],
] as const)('C10: close %i is final: %s', async (code, state) => {
  const { client, states } = make();
  await client.connect();
  server.socket.close(code);
  await expect.poll(() => client.state).toBe(state);
  await settle();
  expect(server.connections).toHaveLength(1);
  expect(states.at(-1)).toEqual({ state, closeCode: code });
});

test('C10: after 4412 it reconnects at once and resumes; if the session moves again at once, after a delay', async () => {
  const { client, states } = make({ random: () => 0.99, backoff: { minMs: 60_000, maxMs: 60_000 } });
  await client.connect();
  server.socket.close(4412);
  await expect.poll(() => server.connections).toHaveLength(2);
  await expect.poll(() => client.state).toBe('live');
  expect(server.received.at(-1)).toMatchObject({ type: 'hello', resume: { lastSeq: 0 } });
  server.socket.close(4412);
  await expect.poll(() => states.at(-1)?.state).toBe('waiting');
  expect(states.at(-1)?.retryInMs).toBeGreaterThan(50_000);
});

test('C7: connect() takes over a lost session and sends its unacknowledged signals', async () => {
  const { client } = make();
  await client.connect();
  server.socket.close(4409);
  await expect.poll(() => client.state).toBe('takenOver');
  client.signal('COPY');
  await client.connect();
  await client.drained();
  expect(server.streams.size).toBe(1);
});

test('C9: after 4401 one more ticket is tried, then a new login is needed', async () => {
  const { client, states } = make();
  server.onHello = (socket) => (socket.close(4401), true);
  const first = client.connect();
  await expect(first).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(server.connections).toHaveLength(2);
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'unauthenticated', 'connecting', 'unauthenticated']);
  expect(states.at(-1)).not.toHaveProperty('retryInMs');
});

test('C8: answers reauth with a fresh ticket on the same socket, even when the first try fails', async () => {
  let calls = 0;
  const getTicket = () => {
    calls++;
    return calls === 2
      ? Promise.reject(new Error('network'))
      : Promise.resolve({ ticket: `n${calls}`, url: '/ws/exam' });
  };
  const { client } = make({ getTicket });
  await client.connect();
  server.send({ type: 'reauth', expiresAt: '2026-01-01T10:00:00.000Z' });
  await expect.poll(() => server.received.at(-1)).toEqual({ type: 'reauth', ticket: 'n3' });
  expect(server.connections).toHaveLength(1);
});

test('a ticket request that fails with a retryable error is retried', async () => {
  let calls = 0;
  const getTicket = () =>
    ++calls < 4 ? Promise.reject(new Error('502')) : Promise.resolve({ ticket: 'x', url: '/ws/exam' });
  const { client } = make({ getTicket });
  await client.connect();
  expect(calls).toBe(4);
});

test.each([
  ['session_over', 'ended'],
  ['unauthenticated', 'unauthenticated'],
  ['forbidden', 'failed'],
])('X2: a ticket refused for good with %s ends in the state %s', async (code, state) => {
  const { client } = make({ getTicket: () => Promise.reject(refusal(code)) });
  await expect(client.connect()).rejects.toMatchObject({ code });
  expect(client.state).toBe(state);
});

test('connects once the server is reachable', async () => {
  const { client, states } = make();
  const { port } = server;
  await server.stop();
  const connected = client.connect();
  await expect.poll(() => states.filter(({ state }) => state === 'waiting').length).toBeGreaterThan(2);
  const { WebSocketServer } = await import('ws');
  const late = new WebSocketServer({ host: '127.0.0.1', port, handleProtocols: () => 'invigil.v1' });
  late.on('connection', (socket) => socket.on('message', () => socket.send(JSON.stringify(server.welcome('s', 0)))));
  await connected;
  client.close();
  for (const socket of late.clients) socket.terminate();
  await new Promise((done) => late.close(done));
  server = await ScriptedServer.start();
});

test('C10: tries at once when the browser is online again', async () => {
  const target = new EventTarget();
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
  const { client } = make({ backoff: { minMs: 60_000, maxMs: 60_000 }, random: () => 0.9 });
  await client.connect();
  server.socket.terminate();
  await expect.poll(() => client.state).toBe('waiting');
  target.dispatchEvent(new Event('online'));
  await expect.poll(() => client.state).toBe('live');
  vi.unstubAllGlobals();
});

test('close() disconnects and rejects pending promises; connect() starts again', async () => {
  server.autoCommit = false;
  const { client } = make();
  await client.connect();
  client.signal('COPY');
  const drained = client.drained();
  client.close();
  await expect(drained).rejects.toMatchObject({ code: 'unavailable' });
  await settle();
  expect(server.connections).toHaveLength(1);
  server.autoCommit = true;
  await client.connect();
  await client.drained();
});

test('a ticket request that hangs on a dead connection is repeated beside it, once the first answer comes no more', async () => {
  let asked = 0;
  const { client, states } = make({
    getTicket: () => {
      asked += 1;
      return asked === 1 ? new Promise(() => {}) : Promise.resolve({ ticket: `t${asked}`, url: '/ws/exam' });
    },
  });
  await client.connect();
  expect(server.tickets).toEqual(['t2']);
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'live']);
  await new Promise((done) => setTimeout(done, 4_500));
  expect(asked).toBe(2);
});

test('when the network is back, an attempt that hangs starts over at once', async () => {
  const online = new EventTarget();
  vi.stubGlobal('addEventListener', online.addEventListener.bind(online));
  vi.stubGlobal('removeEventListener', online.removeEventListener.bind(online));
  let asked = 0;
  const { client } = make({
    getTicket: () => {
      asked += 1;
      return asked === 1 ? new Promise(() => {}) : Promise.resolve({ ticket: `t${asked}`, url: '/ws/exam' });
    },
  });
  const connected = client.connect();
  await expect.poll(() => asked).toBe(1);
  online.dispatchEvent(new Event('online'));
  await connected;
  expect(asked).toBe(2);
  vi.unstubAllGlobals();
});
