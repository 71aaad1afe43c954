import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DatabaseOptions, type OpenDatabase, openDatabase } from '../../db/open.ts';
import { waitForPostgres } from '../../db/postgres/wait.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { hasPgBouncer, PgBouncer } from '../support/pgbouncer.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';

const PATIENCE_MS = 60_000;
const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.runIf(postgresPrograms !== undefined)(`connections to PostgreSQL${title}`, () => {
  let cluster: PostgresCluster;
  let folder: TestDatabase;
  const opened: OpenDatabase[] = [];

  beforeAll(async () => {
    cluster = await PostgresCluster.start();
    folder = await createDatabase('pglite');
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  afterAll(async () => {
    await cluster?.remove();
    await folder?.remove();
  });

  const open = async (url: string, options: Partial<DatabaseOptions> = {}) => {
    const database = await openDatabase({ url, dataDir: folder.dataDir, ...options });
    opened.push(database);
    return database;
  };
  const show = async ({ db }: OpenDatabase, name: string) =>
    (await sql<{ value: string }>`SELECT current_setting(${name}) AS value`.execute(db)).rows[0]!.value;
  const server = async (url: string, env: NodeJS.ProcessEnv = {}) =>
    new ServerProcess(await freePort(), { ...folder, url }, { VISION: 'off', ...env });
  const address = (query = '', host = `127.0.0.1:${cluster.port}`) => `postgres://invigil@${host}/postgres${query}`;
  const wait = (url: string, waitMs = 0) => waitForPostgres({ url, waitMs, onWait: () => {} });

  describe('settings of the role or database', () => {
    const DEFAULTS = {
      datestyle: 'German, DMY',
      timezone: 'Asia/Kathmandu',
      extra_float_digits: '0',
      synchronous_commit: 'off',
      default_transaction_isolation: 'serializable',
    };
    beforeAll(async () => {
      for (const [name, value] of Object.entries(DEFAULTS))
        await cluster.query(`ALTER ROLE invigil SET ${name} = '${value}'`);
    });
    afterAll(async () => {
      await cluster.query('ALTER ROLE invigil RESET ALL');
    });

    test('that change the meaning of statements are pinned by each connection', async () => {
      const database = await open(address());
      expect(await show(database, 'DateStyle')).toBe('ISO, MDY');
      expect(await show(database, 'client_encoding')).toBe('UTF8');
      expect(await show(database, 'default_transaction_isolation')).toBe('read committed');
      expect(await show(database, 'synchronous_commit')).toBe('on');
      const at = new Date('2026-03-04T05:06:07.890Z');
      const { rows } = await sql<{ at: Date }>`SELECT ${at.toISOString()}::timestamptz AS at`.execute(database.db);
      expect(rows).toEqual([{ at }]);
      // The server's default, with which lists take longer to compile than to read.
      expect(await show(database, 'jit')).toBe('off');
    });

    test.runIf(hasPgBouncer)(
      `that a pooler in transaction mode would lose are refused with the remedy, and without them it works${hasPgBouncer ? '' : ' (skipped: PgBouncer is not installed)'}`,
      async () => {
        const bouncer = await PgBouncer.start(cluster);
        try {
          await expect(wait(bouncer.url)).rejects.toThrow(
            /default_transaction_isolation is "serializable" and cannot be set through the pooler: ALTER ROLE/,
          );
          for (const name of ['default_transaction_isolation', 'synchronous_commit', 'extra_float_digits'])
            await cluster.query(`ALTER ROLE invigil RESET ${name}`);
          // The pooler's own connections keep their defaults.
          await cluster.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
          );
          await wait(bouncer.url, PATIENCE_MS);
          const pooled = await server(bouncer.url, { DATABASE_LOCK: 'off', LOG_LEVEL: 'error' });
          try {
            await pooled.start();
            await (await pooled.admin()).createExam();
            expect(await show(await open(bouncer.url), 'DateStyle')).toBe('ISO, MDY');
            expect(await pooled.stop('SIGTERM')).toBe(0);
          } finally {
            await pooled.stop('SIGKILL');
          }
        } finally {
          await bouncer.remove();
        }
      },
    );
  });

  test('a database that is not UTF-8 is refused at the start, with the reason', async () => {
    await cluster.query("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    const refused = await server(address().replace(/postgres$/, 'latin'));
    await expect(refused.start()).rejects.toThrow(/invigil: the database "latin" has the encoding LATIN1/);
  });

  test('a wrong database name ends the start at once, although it would wait for a server', async () => {
    await expect(wait(address().replace(/postgres$/, 'nothing'), 3_600_000)).rejects.toThrow(
      /refuses the connection: database "nothing" does not exist/,
    );
  });

  describe('an access that PostgreSQL refuses ends the start with exit code 1 and the reason, and without the wait:', () => {
    const [USER, PASSWORD] = ['tester', 'right-password'];
    beforeAll(async () => {
      await cluster.query(`CREATE ROLE ${USER} LOGIN PASSWORD '${PASSWORD}'`);
      const rules = join(cluster.folder, 'data', 'pg_hba.conf');
      writeFileSync(
        rules,
        `host all ${USER} 127.0.0.1/32 scram-sha-256\nhost all nobody 127.0.0.1/32 reject\n${readFileSync(rules, 'utf8')}`,
      );
      await cluster.query('SELECT pg_reload_conf()');
    });
    const at = (credentials: string, database = 'postgres') =>
      `postgres://${credentials}@127.0.0.1:${cluster.port}/${database}`;

    test.each([
      ['a wrong password', `${USER}:wr0ng-secret`, 'postgres', /password authentication failed for user "tester"/],
      ['no password', USER, 'postgres', /asks for a password, and none is set/],
      ['a user that does not exist', 'somebody:wr0ng-secret', 'postgres', /role "somebody" does not exist/],
      ['a user that pg_hba.conf rejects', 'nobody:wr0ng-secret', 'postgres', /pg_hba.conf rejects connection/],
      ['a database that does not exist', `${USER}:${PASSWORD}`, 'nothing', /database "nothing" does not exist/],
    ])('%s', async (_, credentials, database, reason) => {
      const refused = await server(at(credentials, database), { DATABASE_WAIT_SECONDS: '3600' });
      await expect(refused.start()).rejects.toThrow(reason);
      expect(refused.output).toMatch(/^invigil: the database refuses the connection: /m);
      expect(refused.output).not.toMatch(/wr0ng-secret|right-password/);
      expect(await refused.stop('SIGKILL')).toBe(1);
    });
  });

  test('180 requests at once with 4 connections answer no 500, and at most 503 with Retry-After', async () => {
    const small = await server(address(), { DATABASE_POOL_SIZE: '4', LOG_LEVEL: 'silent' });
    try {
      await small.start();
      const admin = await small.admin();
      const headers = { authorization: `Bearer ${admin.tokens!.accessToken}`, 'content-type': 'application/json' };
      const requests: (() => Promise<Response>)[] = [
        () => fetch(`${small.url}/api/exams`, { headers }),
        () => fetch(`${small.url}/api/users`, { headers }),
        () => fetch(`${small.url}/api/audit/security`, { headers }),
        () => fetch(`${small.url}/api/auth/me`, { headers }),
        () =>
          fetch(`${small.url}/api/exams`, { method: 'POST', headers, body: JSON.stringify({ title: 'One of many' }) }),
        () => fetch(`${small.url}/api/keys`, { headers }),
      ];
      const answers = await Promise.all(Array.from({ length: 180 }, (_, i) => requests[i % requests.length]!()));
      for (const answer of answers)
        if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(0);
      const others = answers.filter(({ status }) => status >= 400 && status !== 503);
      expect(others.map(({ status, url }) => `${status} ${url}`)).toEqual([]);
    } finally {
      await small.stop('SIGKILL');
    }
  });

  test('a Unix socket is used, and connections carry a name for pg_stat_activity', async () => {
    const database = await open(`postgres://invigil@/postgres?host=${cluster.folder}&port=${cluster.port}`);
    expect(await show(database, 'application_name')).toBe('invigil');
    await database.check();
    const named = await open(address('?application_name=exams'));
    await named.check();
    expect(await show(named, 'application_name')).toBe('exams');
    const names = await cluster.query(
      "SELECT application_name AS name FROM pg_stat_activity WHERE datname = 'postgres'",
    );
    expect(names).toEqual(expect.arrayContaining([{ name: 'invigil-writer' }, { name: 'exams-writer' }]));
  });

  test('one connection of the pool is the writer’s, whatever keeps the others busy', async () => {
    const [database, holder] = [await open(address(), { poolSize: 3 }), await open(address())];
    const busy: Promise<unknown>[] = [];
    let finished = 0;
    await holder.db.transaction().execute(async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(7)`.execute(tx);
      for (let i = 0; i < 4; i++)
        busy.push(sql`SELECT pg_advisory_xact_lock_shared(7)`.execute(database.db).then(() => (finished += 1)));
      await waitFor(
        'busy connections',
        async () =>
          (await cluster.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).length === 2,
      );
      await sql`SELECT 1`.execute(database.writer);
      expect(finished).toBe(0);
    });
    await Promise.all(busy);
  });

  test('requests that get no connection in time answer 503 with Retry-After, and others go on', async () => {
    const small = await server(address(), { DATABASE_POOL_SIZE: '2', LOG_LEVEL: 'silent' });
    try {
      await small.start();
      const admin = await small.admin();
      const list = () =>
        fetch(`${small.url}/api/exams`, { headers: { authorization: `Bearer ${admin.tokens!.accessToken}` } });
      expect((await list()).status).toBe(200);
      const held = await open(address());
      const statuses = await held.db.transaction().execute(async (tx) => {
        await sql`LOCK TABLE exams IN ACCESS EXCLUSIVE MODE`.execute(tx);
        const answers = await Promise.all(Array.from({ length: 20 }, list));
        return answers.map((answer) => `${answer.status} ${answer.headers.get('retry-after') !== null}`);
      });
      expect([...new Set(statuses)]).toEqual(['503 true']);
      await waitFor('an answer', async () => (await list()).status === 200, PATIENCE_MS);
    } finally {
      await small.stop('SIGKILL');
    }
  });

  test('a server that starts before its database waits for it, and says so', async () => {
    await cluster.crash();
    const early = await server(address());
    try {
      const started = early.start();
      await waitFor('the wait', () => early.output.includes('database is not up yet'), PATIENCE_MS);
      expect((await fetch(`${early.url}/ready`)).status).toBe(503);
      await cluster.start();
      await started;
      await waitFor('readiness', async () => (await fetch(`${early.url}/ready`)).status === 200, PATIENCE_MS);
      expect(await early.stop('SIGTERM')).toBe(0);
    } finally {
      await early.stop('SIGKILL');
      if (!cluster.isRunning) await cluster.start();
    }
  });

  test('the wait has an end, with the reason, and SIGTERM ends it with exit code 0', async () => {
    const nobody = address('', `127.0.0.1:${await freePort()}`);
    const short = await server(nobody, { DATABASE_WAIT_SECONDS: '1' });
    await expect(short.start()).rejects.toThrow(/invigil: the database did not come up within 1 s: .*ECONNREFUSED/);
    const long = await server(nobody);
    const started = long.start().catch((error: unknown) => error);
    await waitFor('the wait', () => long.output.includes('database is not up yet'), PATIENCE_MS);
    expect(await long.stop('SIGTERM')).toBe(0);
    await started;
  });

  describe('sslmode', () => {
    let ca: string;
    beforeAll(async () => {
      const [key, cert] = [join(cluster.folder, 'server.key'), join(cluster.folder, 'server.crt')];
      execFileSync(
        'openssl',
        // prettier-ignore
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, '-subj', '/CN=database.example.org', '-addext', 'subjectAltName=DNS:localhost'],
        { stdio: 'ignore' },
      );
      chmodSync(key, 0o600);
      if (cluster.owner) for (const path of [key, cert]) chownSync(path, cluster.owner.uid, cluster.owner.gid);
      ca = cert;
      await cluster.query(`ALTER SYSTEM SET ssl_cert_file = '${cert}'`);
      await cluster.query(`ALTER SYSTEM SET ssl_key_file = '${key}'`);
    });
    const turn = async (ssl: 'on' | 'off') => {
      await cluster.query(`ALTER SYSTEM SET ssl = ${ssl}`);
      await cluster.query('SELECT pg_reload_conf()');
      await waitFor('the reload', async () => (await cluster.query<{ ssl: string }>('SHOW ssl'))[0]!.ssl === ssl);
    };
    const isEncrypted = async (query: string) => {
      const { db } = await open(address(query));
      const { rows } = await sql<{ ssl: boolean }>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`.execute(
        db,
      );
      return rows[0]!.ssl;
    };

    test('encrypts, verifies and falls back as in libpq', async () => {
      await turn('on');
      expect(await isEncrypted('?sslmode=disable')).toBe(false);
      expect(await isEncrypted('?sslmode=allow')).toBe(false);
      expect(await isEncrypted('')).toBe(true);
      expect(await isEncrypted('?sslmode=require')).toBe(true);
      // The certificate is for another name than 127.0.0.1.
      expect(await isEncrypted(`?sslmode=verify-ca&sslrootcert=${ca}`)).toBe(true);
      await expect(isEncrypted(`?sslmode=verify-full&sslrootcert=${ca}`)).rejects.toThrow(/IP: 127.0.0.1/);
      await expect(isEncrypted('?sslmode=verify-full')).rejects.toThrow(/self-signed certificate/);
      const { db } = await open(address(`?sslmode=verify-full&sslrootcert=${ca}`, `localhost:${cluster.port}`));
      await sql`SELECT 1`.execute(db);
      await turn('off');
      expect(await isEncrypted('?sslmode=prefer')).toBe(false);
      await expect(wait(address('?sslmode=require'), 3_600_000)).rejects.toThrow(/does not support SSL/);
    });
  });
});
