import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuse, ScriptedServer, send } from '../test/scripted-server.ts';
import { InvigilClient } from './client.ts';
import { randomChoices } from '../../test/support/random.ts';

const { random } = randomChoices();

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

const signals = () => server.received.filter((message) => message.type === 'signal');
const names = () =>
  [...server.streams.values()].flatMap((stream) =>
    stream.signals.slice(0, stream.committed).map(({ signal }) => signal),
  );
const settle = () => new Promise((done) => setTimeout(done, 40));

test('S2, S3: signals queued before the connection are numbered from 1 and acknowledged', async () => {
  expect(client.signal('TAB_SWITCH')).toBe(1);
  expect(client.signal('COPY', { length: 3 })).toBe(2);
  await client.connect();
  await client.drained();
  expect(signals()).toMatchObject([
    { seq: 1, signal: 'TAB_SWITCH' },
    { seq: 2, signal: 'COPY', data: { length: 3 } },
  ]);
  expect(client.pending).toBe(0);
});

test('S6: at most 64 are on the wire unacknowledged', async () => {
  server.autoCommit = false;
  await client.connect();
  for (let i = 0; i < 100; i++) client.signal('COPY');
  await expect.poll(() => signals()).toHaveLength(64);
  await settle();
  expect(signals()).toHaveLength(64);
  server.commit(30);
  await expect.poll(() => signals()).toHaveLength(94);
  server.autoCommit = true;
  server.commit();
  await client.drained();
  expect(signals()).toHaveLength(100);
  expect(server.faults).toEqual([]);
});

test('S4, S8: without acknowledgements nothing is sent again until a reconnect', async () => {
  server.autoCommit = false;
  await client.connect();
  client.signal('COPY');
  client.signal('PASTE');
  await expect.poll(() => signals()).toHaveLength(2);
  server.send({ type: 'error', code: 'unavailable', message: 'the database is down', retryable: true, ref: 1 });
  await settle();
  expect(signals()).toHaveLength(2);
  server.commit(1);
  server.socket.terminate();
  await expect.poll(() => signals()).toHaveLength(3);
  expect(signals().at(-1)).toMatchObject({ seq: 2, signal: 'PASTE' });
  expect(server.received.filter((message) => message.type === 'hello').at(-1)).toMatchObject({
    resume: { stream: [...server.streams.keys()][0], lastSeq: 1 },
  });
});

test('S4: 20 random cuts lose and duplicate nothing and keep the order', async () => {
  const sent: string[] = [];
  server.autoCommit = false;
  await client.connect();
  for (let cut = 0; cut < 20; cut++) {
    for (let i = 0; i < 10; i++) {
      const name = `CUT_${cut}_${i}`;
      sent.push(name);
      client.signal(name, { i });
    }
    await new Promise((done) => setTimeout(done, random() * 25));
    const stream = [...server.streams.values()][0];
    // Cut before the commit, after it but before the ack, or after the ack.
    if (stream && cut % 3 > 0)
      stream.committed = Math.max(stream.committed, Math.floor(stream.signals.length * random()));
    if (stream && cut % 3 > 1) server.commit(stream.committed);
    server.socket.terminate();
  }
  server.autoCommit = true;
  await client.drained();
  expect(names()).toEqual(sent);
  expect(server.faults).toEqual([]);
  expect(server.streams.size).toBe(1);
});

test('S1: after unknown_stream a new stream takes the unacknowledged signals from number 1', async () => {
  server.autoCommit = false;
  await client.connect();
  client.signal('COPY');
  client.signal('PASTE');
  await expect.poll(() => signals()).toHaveLength(2);
  server.commit(1);
  await expect.poll(() => client.pending).toBe(1);
  server.streams.clear();
  server.autoCommit = true;
  server.socket.terminate();
  await client.drained();
  expect(names()).toEqual(['PASTE']);
  expect(signals().at(-1)).toMatchObject({ seq: 1, signal: 'PASTE' });
  expect(client.state).toBe('live');
});

test('S7: reserved names are refused locally', async () => {
  await client.connect();
  expect(() => client.signal('NO_FACE')).toThrow(expect.objectContaining({ code: 'reserved_signal' }));
  client.signal('COPY');
  await client.drained();
  expect(names()).toEqual(['COPY']);
});

test('S7: a name reserved only by a newer server is dropped; later signals and the connection survive', async () => {
  let refused = false;
  server.onSignal = (socket, signal) => {
    if (signal.signal === 'NEW_RESERVED') {
      refused = true;
      send(socket, { type: 'error', code: 'reserved_signal', message: 'reserved', retryable: false, ref: signal.seq });
      return true;
    }
    if (refused && socket === server.connections[0]?.socket) refuse(socket, 'bad_sequence', signal.seq);
    return refused && socket === server.connections[0]?.socket;
  };
  for (const name of ['COPY', 'NEW_RESERVED', 'PASTE', 'TAB_SWITCH']) client.signal(name);
  await client.connect();
  await client.drained();
  expect(names()).toEqual(['COPY', 'PASTE', 'TAB_SWITCH']);
  expect(client.state).toBe('live');
});

test('X1: finish waits for the last acknowledgement and resolves with the end of the session', async () => {
  server.autoCommit = false;
  await client.connect();
  client.signal('COPY');
  const ended = client.finish();
  await settle();
  expect(server.received.some((message) => message.type === 'finish')).toBe(false);
  server.commit();
  await expect(ended).resolves.toMatchObject({ reason: 'finished', risk: { level: 'Low' } });
  expect(client.state).toBe('ended');
  expect(() => client.signal('COPY')).toThrow(expect.objectContaining({ code: 'session_over' }));
});

test('X1: finish survives a disconnect before the response', async () => {
  await client.connect();
  const plain = server.onFinish;
  server.onFinish = (socket) => {
    server.onFinish = plain;
    socket.terminate();
  };
  await expect(client.finish()).resolves.toMatchObject({ reason: 'finished' });
  expect(server.connections).toHaveLength(2);
});
