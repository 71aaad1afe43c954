import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hasRows, listTables, SEEDED_TABLES } from '../../db/move/tables.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import type { Event } from '../../protocol/events.ts';
import type { Evidence } from '../../protocol/http/evidence.ts';
import { ADMIN } from '../support/admin.ts';
import { Api } from '../support/api.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { evidenceOf, fetchPicture } from '../support/picture-site.ts';
import { postgresUrl } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';
import { Sitter } from '../support/sitter.ts';

const CLI = fileURLToPath(new URL('../../dist/server/move/cli.js', import.meta.url));
const PATIENCE_MS = 120_000;
const PASSWORD = 'p@ss/w#rd';
const title = postgresUrl === undefined ? ' (skipped: TEST_DATABASE_URL is not set)' : '';

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/** The compiled command, with nothing in its environment but this. */
function start(env: NodeJS.ProcessEnv, args: readonly string[]): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [CLI, ...args], { env: { PATH: process.env['PATH'], ...env } });
  let [out, error] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (error += data.toString()));
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, out, error }))),
  };
}

const move = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> => start(env, args).ended;

/** With a password, which the test's server does not ask for. */
const secretly = ({ url }: TestDatabase): string => url!.replace('@', `:${encodeURIComponent(PASSWORD)}@`);

async function ask<Row extends pg.QueryResultRow>({ url }: TestDatabase, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const tablesOf = (database: TestDatabase) =>
  ask<{ name: string }>(database, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");

async function target(content: 'empty' | 'schema' = 'empty'): Promise<TestDatabase> {
  const database = await createDatabase('postgres', content);
  onTestFinished(() => database.remove());
  return database;
}

test('migrations insert rows into the tables that a move clears first, and into no others', async () => {
  const fresh = await createDatabase('pglite', 'schema');
  onTestFinished(() => fresh.remove());
  const { db, close } = await openDatabase({ url: undefined, dataDir: fresh.dataDir });
  const seeded: string[] = [];
  for (const table of await listTables(db)) if (await hasRows(db, table)) seeded.push(table.name);
  await close();
  expect(seeded).toEqual(SEEDED_TABLES);
});

describe.runIf(postgresUrl !== undefined)(`npm run move${title}`, { timeout: 2 * PATIENCE_MS }, () => {
  let source: TestDatabase;
  let moved: TestDatabase;
  let port: number;
  let server: ServerProcess;
  let sitter: Sitter;
  let admin: Api;
  let event: Event;
  let picture: Buffer;
  const env = { VISION: 'on', INFERENCE_THREADS: '1', LOG_LEVEL: 'warn' };

  beforeAll(async () => {
    source = await createDatabase('pglite', 'admin');
    moved = await createDatabase('postgres', 'empty');
    port = await freePort();
    server = new ServerProcess(port, source, env);
    await server.start();
    admin = await server.admin();
    const exam = await admin.createExam();
    const student = new Api(server.url);
    await student.register('student@example.org', 'long enough', 'Student');
    sitter = new Sitter(student, (await student.startSession(exam.id)).id);
    await sitter.client.connect();
    sitter.start();
    const pictures = async () => {
      const events = await admin.events(sitter.sessionId);
      const incident = events.find(({ type }) => type === 'NO_FACE');
      return incident ? evidenceOf(admin, incident.id) : [];
    };
    await waitFor('a picture', async () => (await pictures()).length > 0, PATIENCE_MS);
    picture = (await fetchPicture(admin, (await pictures())[0]!.id)).bytes;
    event = (await admin.events(sitter.sessionId)).find(({ type }) => type === 'PASTE')!;
    await admin.post(`/api/events/${event.id}/review`, { decision: 'dismissed', reason: 'the exam asks for it' });
    await admin.post('/api/keys', { name: 'A platform', scopes: ['tickets'] });
  }, 2 * PATIENCE_MS);
  afterAll(async () => {
    sitter?.stop();
    sitter?.client.close();
    await server?.stop('SIGKILL');
    await source?.remove();
    await moved?.remove();
  });

  test('is refused while the server runs on the folder, and the target stays empty', async () => {
    const refused = await move(['--to', secretly(moved), '--from', source.dataDir]);
    expect(refused.status).toBe(2);
    expect(refused.error).toContain(`in use by process ${server.pid}`);
    expect(refused.error).toContain('Stop the server first');
    expect(await tablesOf(moved)).toEqual([]);
  });

  describe('once the server is stopped', () => {
    /** Values that a careless copy changes. */
    const TITLE = String.raw`{NULL,"a\\b",'😀'} ${'\t'}\x41`;

    beforeAll(async () => {
      expect(await server.stop('SIGTERM')).toBe(0);
      const { db, close } = await openDatabase({ url: undefined, dataDir: source.dataDir });
      await sql`UPDATE exams SET title = ${TITLE}, created_at = '2026-01-02 03:04:05.678901+00'`.execute(db);
      await sql`INSERT INTO address_keys (day, secret) SELECT '0044-03-15 BC', decode(string_agg(lpad(to_hex(i), 2, '0'), ''), 'hex') FROM generate_series(0, 255) AS i`.execute(
        db,
      );
      // Enough rows for an interruption.
      await sql`INSERT INTO used_tickets (id, expires_at) SELECT gen_random_uuid(), 'infinity' FROM generate_series(1, 20000)`.execute(
        db,
      );
      await close();
    });

    test('--dry-run counts the rows and changes nothing', async () => {
      const ran = await move(['--to', secretly(moved), '--from', source.dataDir, '--dry-run']);
      expect(ran).toMatchObject({ status: 0 });
      expect(ran.out).toMatch(/^used_tickets +2000\d rows$/m);
      expect(ran.out).toContain('Nothing was changed');
      expect(await tablesOf(moved)).toEqual([]);
    });

    test.each([
      ['has rows', 'schema', 'INSERT INTO used_tickets VALUES (gen_random_uuid(), now())', 'rows in used_tickets'],
      ['has another schema version', 'schema', "INSERT INTO kysely_migration VALUES ('9999-later', '')", '9999-later'],
      ['has tables of another program', 'empty', 'CREATE TABLE users (id integer)', 'another program (users)'],
    ] as const)('a target that %s is refused', async (_, content, statement, message) => {
      const other = await target(content);
      await ask(other, statement);
      const before = await tablesOf(other);
      const refused = await move(['--to', secretly(other), '--from', source.dataDir]);
      expect(refused.status).toBe(2);
      expect(refused.error).toContain(message);
      expect(await tablesOf(other)).toEqual(before);
    });

    test('a target on which a server runs is refused', async () => {
      const other = await target();
      const running = new ServerProcess(await freePort(), { ...other, dataDir: other.dataDir }, { VISION: 'off' });
      await running.start();
      try {
        const refused = await move(['--to', secretly(other), '--from', source.dataDir]);
        expect(refused.status).toBe(2);
        expect(refused.error).toContain('another server has this database open');
      } finally {
        await running.stop('SIGKILL');
      }
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)(
      '%s while rows are copied leaves no row, and the next run can begin',
      async (signal) => {
        const other = await target();
        const { child, ended } = start({}, ['--to', secretly(other), '--from', source.dataDir]);
        child.stderr!.on('data', (data: Buffer) => data.includes('copying') && child.kill(signal));
        const { status, error } = await ended;
        expect(status).toBe(signal === 'SIGTERM' ? 143 : null);
        if (signal === 'SIGTERM') expect(error).toContain('nothing was moved');
        await waitFor('the rollback', async () => (await ask(other, 'SELECT 1 FROM users LIMIT 1')).length === 0);
        const again = await move(['--to', secretly(other), '--from', source.dataDir, '--dry-run']);
        expect(again).toMatchObject({ status: 0 });
      },
    );

    test.each([
      [[], 'no target'],
      [['--to', 'mysql://user:p4ss@host/name'], 'must begin with postgres://'],
      [['--to', 'postgres://user:p4ss@127.0.0.1:1/name'], 'ECONNREFUSED'],
      [['--to', 'postgres://user:p4ss@host/name?sslmode=maybe'], 'sslmode'],
      [['--dry-run', '--check'], 'exclude each other'],
      [['--to', 'postgres://u:p4ss@h/n', '--from', '/nowhere/at/all'], 'no embedded database in /nowhere/at/all'],
    ])('arguments %j are refused with status 2', async (args, message) => {
      const refused = await move(args, { DATA_DIR: source.dataDir });
      expect(refused.status).toBe(2);
      expect(refused.error).toContain(message);
      expect(refused.out + refused.error).not.toContain('p4ss');
    });

    describe('moves a database in use', () => {
      let ran: Ran;
      let opened: OpenDatabase;
      beforeAll(async () => {
        // The target as the server reads it, from the environment.
        ran = await move(['--from', source.dataDir], { DATABASE_URL: moved.url, PGPASSWORD: PASSWORD });
        opened = await openDatabase({ url: moved.url, dataDir: source.dataDir });
      }, PATIENCE_MS);
      afterAll(() => opened?.close());

      test('with a report of rows, audit log and files, and without the password', () => {
        expect(ran).toMatchObject({ status: 0 });
        expect(ran.out).toMatch(/^audit log good: \d+ entries/m);
        expect(ran.out).toMatch(/^2\d{4} rows moved/m);
        expect(ran.out).toMatch(/evidence: [1-9]\d* pictures/);
        expect(ran.out).toContain('evidence-key');
        expect(ran.out + ran.error).not.toContain(PASSWORD);
        expect(ran.out + ran.error).not.toContain(encodeURIComponent(PASSWORD));
      });

      test('byte by byte, to the microsecond, and with the numbers of its sequences', async () => {
        const { rows } = await sql<{ title: string; at: string }>`
          SELECT title, (created_at AT TIME ZONE 'UTC')::text AS at FROM exams`.execute(opened.db);
        expect(rows).toEqual([{ title: TITLE, at: '2026-01-02 03:04:05.678901' }]);
        const keys = await sql<{ secret: Uint8Array }>`
          SELECT secret FROM address_keys WHERE day = '0044-03-15 BC'`.execute(opened.db);
        expect([...keys.rows[0]!.secret]).toEqual(Array.from({ length: 256 }, (_, i) => i));
        const state = sql<{ last_value: string; is_called: boolean }>`
          SELECT last_value::text, is_called FROM audit_queue_seq_seq`;
        const before = await openDatabase({ url: undefined, dataDir: source.dataDir });
        const expected = (await state.execute(before.db)).rows;
        await before.close();
        expect((await state.execute(opened.db)).rows).toEqual(expected);
        expect(Number(expected[0]!.last_value)).toBeGreaterThan(5);
      });

      test('--check finds both the same', async () => {
        const checked = await move(['--to', secretly(moved), '--from', source.dataDir, '--check']);
        expect(checked).toMatchObject({ status: 0 });
        expect(checked.out).toContain('are the same on both sides');
      });

      test('a second move to the same target is refused', async () => {
        const again = await move(['--to', secretly(moved), '--from', source.dataDir]);
        expect(again.status).toBe(2);
        expect(again.error).toContain('the target is not empty');
      });

      test('the server no longer starts on the embedded database', async () => {
        const forgetful = new ServerProcess(port, source, env);
        await expect(forgetful.start()).rejects.toThrow(/was moved to PostgreSQL .*set DATABASE_URL/);
      });

      test('the server starts on the target: the exam goes on, logins, reviews, pictures and the audit log work', async () => {
        server = new ServerProcess(port, { ...source, url: moved.url }, env);
        await server.start();
        sitter.stop();
        await sitter.client.drained();
        expect(sitter.left.filter((state) => !state.startsWith('waiting'))).toEqual([]);
        const numbers = (await admin.events(sitter.sessionId))
          .filter(({ type }) => type === 'PASTE')
          .map(({ details }) => (details as { data: { n: number } }).data.n);
        expect(numbers).toEqual(Array.from({ length: sitter.sent }, (_, i) => i + 1));

        const again = new Api(server.url);
        await again.login(ADMIN.email, ADMIN.password);
        const { items } = await again.get<{ items: { decision: string }[] }>(`/api/events/${event.id}/reviews`);
        expect(items.map(({ decision }) => decision)).toEqual(['dismissed']);
        await again.post(`/api/events/${event.id}/review`, { decision: 'confirmed', reason: 'looked at again' });
        const incident = (await again.events(sitter.sessionId)).find(({ type }) => type === 'NO_FACE')!;
        const [first] = (await evidenceOf(again, incident.id)) as [Evidence];
        expect((await fetchPicture(again, first.id)).bytes.equals(picture)).toBe(true);
        await again.post(`/api/sessions/${sitter.sessionId}/end`);
        expect(await again.get('/api/blockchain/verify')).toMatchObject({ valid: true });
      });

      test('--check finds what the server has changed since, with status 1', async () => {
        await server.stop('SIGTERM');
        const checked = await move(['--to', secretly(moved), '--from', source.dataDir, '--check']);
        expect(checked.status).toBe(1);
        expect(checked.error).toMatch(/the target differs from the embedded database: .*events has \d+ rows of \d+/);
      });
    });
  });
});
