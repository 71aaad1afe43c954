import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScriptedServer } from '../../test/scripted-server.ts';
import { InvigilClient } from '../client.ts';
import { FileStore } from './file-store.ts';
import { randomChoices } from '../../../test/support/random.ts';

const { random, below } = randomChoices();

/** The session that the scripted server has. */
const SESSION = '00000000-0000-4000-8000-000000000001';
const SERVER = 'https://proctor.example.org';
const KILLS = 4;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const body = (signal: string) => ({ signal, at: '2026-01-01T10:00:00.000Z' });

test('a file store keeps the run of one server and session for the next process, readable by its owner only', async () => {
  const first = new FileStore(folder, SERVER, SESSION);
  expect(await first.claim()).toEqual({ stream: undefined, acked: 0, signals: [] });
  const run = { stream: SESSION, acked: 3, signals: [body('COPY'), body('PASTE')] };
  expect(await first.save(run)).toBe(true);
  expect(await new FileStore(folder, SERVER, SESSION).claim()).toEqual(run);
  expect((await new FileStore(folder, SERVER, 'another').claim()).signals).toEqual([]);
  expect((await new FileStore(folder, 'https://other.example.org', SESSION).claim()).signals).toEqual([]);
  for (const name of readdirSync(folder))
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\.json$/),
      0o600,
    ]);
});

test('a file store belongs to its last claimant; earlier ones are notified, and write and remove nothing', async () => {
  const [first, second] = [new FileStore(folder, SERVER, SESSION), new FileStore(folder, SERVER, SESSION)];
  await first.claim();
  await second.claim();
  expect(await second.save({ stream: SESSION, acked: 0, signals: [body('COPY')] })).toBe(true);
  expect([await first.owned(), await first.save({ stream: SESSION, acked: 9, signals: [] })]).toEqual([false, false]);
  await first.remove();
  expect((await new FileStore(folder, SERVER, SESSION).claim()).signals).toEqual([body('COPY')]);
});

test('an unreadable store file is an error, not an empty store', async () => {
  const store = new FileStore(folder, SERVER, SESSION);
  await store.claim();
  writeFileSync(join(folder, readdirSync(folder)[0]!), '{"owner":');
  await expect(new FileStore(folder, SERVER, SESSION).claim()).rejects.toThrow(SyntaxError);
});

test('S1, S4: a program that is killed repeatedly loses no sent signal, and the server stores each once, in order', async () => {
  const server = await ScriptedServer.start();
  server.autoCommit = false;
  const compiled = (path: string) => fileURLToPath(new URL(`../../../dist/web/sdk/${path}`, import.meta.url));
  const script = join(folder, 'program.mjs');
  const url = `http://127.0.0.1:${server.port}`;
  const code = `import WebSocket from ${JSON.stringify(import.meta.resolve('ws'))};
    import { InvigilClient } from ${JSON.stringify(compiled('client.js'))};
    import { FileStore } from ${JSON.stringify(compiled('node/file-store.js'))};
    const [folder, life] = process.argv.slice(2);
    const getTicket = async () => ({ ticket: 't', url: '/ws/exam' });
    const client = new InvigilClient({ server: '${url}', WebSocket, getTicket, session: '${SESSION}', openStore: (id) => new FileStore(folder, '${url}', id), backoff: { minMs: 5, maxMs: 20 } });
    await client.connect();
    let n = 0;
    setInterval(() => client.pending < 60 && client.signal('LIFE_' + life, { n: ++n }), 2);`;
  writeFileSync(script, code);
  const signals = () => server.received.filter((message) => message.type === 'signal');
  const kept = join(folder, 'kept');
  try {
    for (let life = 0; life < KILLS; life++) {
      const goal = signals().length + 60;
      const program = spawn(process.execPath, [script, kept, String(life)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      while (signals().length < goal) {
        await new Promise((resolve) => setTimeout(resolve, random() * 10));
        const stream = [...server.streams.values()].at(-1);
        if (stream && random() < 0.5)
          server.commit(stream.committed + below(stream.signals.length - stream.committed + 1));
      }
      const gone = once(program, 'exit');
      program.kill('SIGKILL');
      await gone;
    }
    const left = new Set(
      signals().map((message) => message.type === 'signal' && `${message.signal} ${String(message.data?.['n'])}`),
    );
    server.autoCommit = true;
    const last = new InvigilClient({
      ...server.options(),
      session: SESSION,
      openStore: (id) => new FileStore(kept, url, id),
    });
    await last.connect();
    await last.drained();
    last.close();
    expect(server.faults).toEqual([]);
    expect(server.streams.size).toBe(1);
    const stored = [...server.streams.values()][0]!.signals.map(({ signal, data }) => [signal, data?.['n']] as const);
    for (let life = 0; life < KILLS; life++) {
      const own = stored.filter(([signal]) => signal === `LIFE_${life}`).map(([, n]) => n);
      expect(own).toEqual(own.map((_n, i) => i + 1));
      expect(own.length).toBeGreaterThan(0);
    }
    expect(stored.map(([signal]) => signal)).toEqual(stored.map(([signal]) => signal).toSorted());
    const there = new Set(stored.map(([signal, n]) => `${signal} ${String(n)}`));
    expect([...left].filter((name) => !there.has(String(name)))).toEqual([]);
  } finally {
    await server.stop();
  }
});
