import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryDisk } from '../test/memory-store.ts';
import { ScriptedServer } from '../test/scripted-server.ts';
import { InvigilClient } from './client.ts';
import { randomChoices } from '../../test/support/random.ts';

const { random } = randomChoices();

/** The session that the scripted server has. */
const SESSION = '00000000-0000-4000-8000-000000000001';

let server: ScriptedServer;
let disk: MemoryDisk;
const clients: InvigilClient[] = [];

beforeEach(async () => {
  server = await ScriptedServer.start();
  disk = new MemoryDisk();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

/** A page that has just been loaded. */
function page(session: string | undefined = SESSION): InvigilClient {
  const client = new InvigilClient({ ...server.options(), session, openStore: (id) => disk.open(id) });
  clients.push(client);
  return client;
}

const names = () =>
  [...server.streams.values()].flatMap((stream) =>
    stream.signals.slice(0, stream.committed).map(({ signal }) => signal),
  );
const hellos = () => server.received.filter((message) => message.type === 'hello');

test('S1, S4: a reloaded page continues the stream with its unacknowledged signals', async () => {
  const first = page();
  await first.connect();
  first.signal('ONE');
  await first.drained();
  server.autoCommit = false;
  first.signal('TWO');
  first.signal('THREE');
  await expect.poll(() => server.received.filter(({ type }) => type === 'signal')).toHaveLength(3);
  // One of them is stored, which only the server knows; then the page is gone.
  [...server.streams.values()][0]!.committed = 2;
  first.close();
  server.autoCommit = true;
  const second = page();
  second.signal('FOUR');
  await second.connect();
  await second.drained();
  expect(names()).toEqual(['ONE', 'TWO', 'THREE', 'FOUR']);
  expect(hellos().at(-1)).toMatchObject({ resume: { lastSeq: 1 } });
  expect(server.streams.size).toBe(1);
  expect(server.faults).toEqual([]);
});

test('S4: 20 random cuts and reloads lose and duplicate nothing and keep the order', async () => {
  const sent: string[] = [];
  server.autoCommit = false;
  let client = page();
  await client.connect();
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 10; i++) {
      sent.push(`ROUND_${round}_${i}`);
      client.signal(sent.at(-1)!);
    }
    await new Promise((done) => setTimeout(done, 1 + random() * 25));
    const stream = [...server.streams.values()][0];
    if (stream && round % 3 > 0)
      stream.committed = Math.max(stream.committed, Math.floor(stream.signals.length * random()));
    if (stream && round % 3 > 1) server.commit(stream.committed);
    if (random() < 0.5) server.socket.terminate();
    else {
      // A page that goes says nothing; the next one is there at once.
      client.close();
      client = page();
      client.connect().catch(() => {});
    }
  }
  server.autoCommit = true;
  server.socket.terminate();
  // What was kept is known after the first greeting.
  await client.connect();
  await client.drained();
  expect(names()).toEqual(sent);
  expect(server.faults).toEqual([]);
  expect(server.streams.size).toBe(1);
});

test('S5: every signal is stored before it is sent', async () => {
  const client = page();
  await client.connect();
  server.onSignal = (_socket, { seq, signal }) => {
    const { acked, signals } = disk.runs.get(SESSION)!.run;
    expect(signals[seq - acked - 1]?.signal).toBe(signal);
    return false;
  };
  for (let i = 0; i < 20; i++) client.signal(`S_${i}`);
  await client.drained();
  expect(names()).toHaveLength(20);
});

test('C7: a page whose run was claimed by another page does not reconnect, and sends nothing', async () => {
  const older = page();
  await older.connect();
  older.signal('ONE');
  await older.drained();
  const newer = page();
  await newer.connect();
  older.signal('FROM_OLDER');
  server.connections[0]!.socket.terminate();
  await expect.poll(() => older.state).toBe('takenOver');
  newer.signal('TWO');
  await newer.drained();
  expect(names()).toEqual(['ONE', 'TWO']);
  // Taking it back brings what was made meanwhile.
  await older.connect();
  await older.drained();
  expect(names()).toEqual(['ONE', 'TWO', 'FROM_OLDER']);
  expect(server.faults).toEqual([]);
});

test('C7: a page whose run was claimed by one that never connects claims it again', async () => {
  const client = page();
  await client.connect();
  client.signal('ONE');
  await client.drained();
  await disk.open(SESSION).claim();
  client.signal('TWO');
  await expect.poll(() => names()).toEqual(['ONE', 'TWO']);
  await client.drained();
  expect(server.streams.size).toBe(1);
  expect(server.faults).toEqual([]);
});

test('a ticket for another session is refused, and no signal is sent', async () => {
  const client = page('00000000-0000-4000-8000-000000000002');
  client.signal('ONE');
  await expect(client.connect()).rejects.toMatchObject({ code: 'bad_ticket' });
  expect(client.state).toBe('failed');
  expect(server.received.map(({ type }) => type)).toEqual(['hello']);
});

test('the ticket response can name the session to store', async () => {
  const client = new InvigilClient({
    ...server.options({ getTicket: () => Promise.resolve({ ticket: 't', url: '/ws/exam', session: SESSION }) }),
    openStore: (id) => disk.open(id),
  });
  clients.push(client);
  await client.connect();
  client.signal('ONE');
  await client.drained();
  await expect.poll(() => disk.runs.get(SESSION)?.run.acked).toBe(1);
});

test('a failing store leaves signals in memory, and they are sent', async () => {
  disk.broken = true;
  const client = page();
  client.signal('ONE');
  await client.connect();
  await client.drained();
  const other = page();
  disk.broken = false;
  await other.connect();
  disk.broken = true;
  other.signal('TWO');
  await other.drained();
  expect(names()).toEqual(['ONE', 'TWO']);
});

test('the stored run is removed at the end of the session', async () => {
  const client = page();
  await client.connect();
  client.signal('ONE');
  await client.finish();
  await expect.poll(() => disk.runs.size).toBe(0);
});
