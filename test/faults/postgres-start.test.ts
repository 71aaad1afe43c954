import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';

const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.runIf(postgresPrograms !== undefined)(`a database of PostgreSQL that is set up unusually${title}`, () => {
  let cluster: PostgresCluster;
  let folder: TestDatabase;
  beforeAll(async () => {
    cluster = await PostgresCluster.start();
    folder = await createDatabase('pglite');
  });
  afterAll(async () => {
    await cluster?.remove();
    await folder?.remove();
  });

  /** A role with a database of its name. */
  async function role(name: string, ...statements: string[]): Promise<string> {
    await cluster.query(`CREATE ROLE ${name} LOGIN`);
    await cluster.query(`CREATE DATABASE ${name} OWNER ${name}`);
    for (const statement of statements) await cluster.query(statement);
    return `postgres://${name}@127.0.0.1:${cluster.port}/${name}`;
  }
  async function serverOn(url: string): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), { ...folder, url }, { VISION: 'off', LOG_LEVEL: 'warn' });
    onTestFinished(async () => void (await server.stop('SIGKILL')));
    return server;
  }
  /** Locks a table until the returned function is called. */
  async function lock(url: string, table: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return () => client.end();
  }
  const isWaiting = async (database: string) =>
    (
      await cluster.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND application_name = 'invigil' AND wait_event_type = 'Lock'`,
      )
    ).length > 0;

  test('a role that cannot create tables ends the start with the statement to run', async () => {
    const url = await role('tenant', 'ALTER DATABASE tenant OWNER TO invigil');
    await expect((await serverOn(url)).start()).rejects.toThrow(
      /invigil: the schema cannot be migrated: permission denied for schema public.*ALTER DATABASE/,
    );
  });

  test('a search path without a schema ends the start with the statement to run', async () => {
    const url = await role('lost', "ALTER ROLE lost SET search_path = 'nowhere'");
    await expect((await serverOn(url)).start()).rejects.toThrow(/cannot be migrated: no schema.*RESET search_path/);
  });

  test('timeouts of the role that are shorter than those of the server end no statement: a request waits for its lock', async () => {
    const url = await role(
      'hasty',
      "ALTER ROLE hasty SET statement_timeout = '50ms'",
      "ALTER ROLE hasty SET lock_timeout = '20ms'",
      "ALTER ROLE hasty SET idle_in_transaction_session_timeout = '30ms'",
    );
    const server = await serverOn(url);
    await server.start();
    const release = await lock(url.replace('//hasty@', '//invigil@'), 'users');
    const login = server.admin();
    await waitFor('the login to wait for the lock', () => isWaiting('hasty'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await release();
    await login;
  });

  test('a statement cancelled by an administrator is answered 503, not 500', async () => {
    const url = await role('cancelled');
    const server = await serverOn(url);
    await server.start();
    const release = await lock(url.replace('//cancelled@', '//invigil@'), 'users');
    onTestFinished(release);
    const login = fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'a@example.org', password: 'a long password' }),
    });
    await waitFor('the login to wait for the lock', () => isWaiting('cancelled'));
    await cluster.query(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = 'cancelled' AND wait_event_type = 'Lock'",
    );
    const { status, headers } = await login;
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
  });

  test('a migration waits for a lock for longer than requests do, says so, and SIGTERM ends it with exit code 0', async () => {
    const url = await role('locked');
    const before = await serverOn(url);
    await before.start();
    expect(await before.stop('SIGTERM')).toBe(0);
    const release = await lock(url.replace('//locked@', '//invigil@'), 'kysely_migration');
    const [server, stopped] = [await serverOn(url), await serverOn(url)];
    const stopping = stopped.start().catch(() => {});
    await waitFor('the migration to wait', () => isWaiting('locked'));
    expect(await stopped.stop('SIGTERM')).toBe(0);
    await stopping;
    const starting = server.start();
    await waitFor('the log', async () => server.output.includes('migrating the schema takes long'));
    // Above the 15 s of a request.
    await new Promise((resolve) => setTimeout(resolve, 7000));
    await release();
    await starting;
    expect(await server.stop('SIGTERM')).toBe(0);
  });
});
