import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN } from '../support/admin.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';

const PATIENCE_MS = 60_000;
const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.runIf(postgresPrograms !== undefined)(`PostgreSQL is down while nobody streams${title}`, () => {
  let cluster: PostgresCluster;
  let folder: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    cluster = await PostgresCluster.start();
    folder = await createDatabase('pglite');
    server = new ServerProcess(await freePort(), { ...folder, url: cluster.url }, { VISION: 'off' });
    await server.start();
  });
  afterAll(async () => {
    await server?.stop('SIGKILL');
    await cluster?.remove();
    await folder?.remove();
  });

  const status = async (path: string) => (await fetch(server.url + path)).status;
  const database = async () => ((await (await fetch(`${server.url}/health`)).json()) as { database: string }).database;
  const login = () =>
    fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    });

  test.each([
    ['stopped', () => cluster.crash(), () => cluster.start()],
    ['frozen', () => cluster.freeze(), () => cluster.thaw()],
  ])('/ready answers 503 and /health says down while it is %s; both recover with it', async (_, goDown, comeBack) => {
    await waitFor('readiness', async () => (await status('/ready')) === 200, PATIENCE_MS);
    await goDown();
    await waitFor('/ready to say so', async () => (await status('/ready')) === 503, PATIENCE_MS);
    expect(await database()).toBe('down');
    await comeBack();
    await waitFor('readiness', async () => (await status('/ready')) === 200, PATIENCE_MS);
    expect(await database()).toBe('up');
    expect((await login()).status).toBe(200);
  });

  test('requests that need it answer 503 with Retry-After and a retryable problem, not 500', async () => {
    await cluster.crash();
    const refused = await login();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await refused.json()).toMatchObject({ code: 'unavailable', retryable: true });
    await cluster.start();
    await waitFor('a login', async () => (await login()).status === 200, PATIENCE_MS);
  });
});
