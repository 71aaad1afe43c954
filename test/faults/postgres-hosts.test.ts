import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';
import { expectAllStored, type Sitter, startSitters } from '../support/sitter.ts';
import { sized } from '../support/size.ts';

const SESSIONS = sized(100, 30);
const PATIENCE_MS = 120_000;
const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.runIf(postgresPrograms !== undefined)(`failover between the hosts of DATABASE_URL${title}`, () => {
  let primary: PostgresCluster;
  let standby: PostgresCluster;
  let folder: TestDatabase;
  let server: ServerProcess;
  const sitters: Sitter[] = [];

  beforeAll(async () => {
    primary = await PostgresCluster.start();
    standby = await PostgresCluster.standbyOf(primary);
    // Synchronous: a commit is acknowledged when the standby has it.
    await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.query('SELECT pg_reload_conf()');
    folder = await createDatabase('pglite');
  });
  afterAll(async () => {
    for (const sitter of sitters) {
      sitter.stop();
      sitter.client.close();
    }
    await server?.stop('SIGKILL');
    await standby?.remove();
    await primary?.remove();
    await folder?.remove();
  });

  const status = async (path: string) => (await fetch(server.url + path)).status;

  test(
    `a primary that is killed, then replaced by the second host, is left by ${SESSIONS} sessions: no socket closes, and every acknowledged signal is on the new primary`,
    { timeout: 8 * 60_000 },
    async () => {
      const url = `postgres://invigil@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`;
      server = new ServerProcess(await freePort(), { ...folder, url }, { LOG_LEVEL: 'warn', VISION: 'off' });
      await server.start();
      await waitFor('readiness', async () => (await status('/ready')) === 200, PATIENCE_MS);
      await startSitters(server, SESSIONS, sitters);
      await waitFor('signals of everybody', () => sitters.every(({ acked }) => acked >= 4), PATIENCE_MS);

      await primary.crash();
      await waitFor('/ready to say so', async () => (await status('/ready')) === 503, PATIENCE_MS);
      const unstored = () => sitters.map(({ sent, acked }) => sent - acked);
      await waitFor('signals of everybody that wait', () => unstored().every((count) => count >= 4), PATIENCE_MS);
      standby.promote();
      const waited = sitters.map(({ sent }) => sent);
      await waitFor('everything that waited', () => sitters.every(({ acked }, i) => acked >= waited[i]!), PATIENCE_MS);
      await waitFor('readiness', async () => (await status('/ready')) === 200, PATIENCE_MS);

      for (const sitter of sitters) sitter.stop();
      await Promise.all(sitters.map(({ client }) => client.drained()));
      expect(sitters.flatMap(({ left }) => left)).toEqual([]);
      await expectAllStored({ url: standby.url, dataDir: folder.dataDir }, sitters);
      for (const { client } of sitters.splice(0)) client.close();
      expect(await server.stop('SIGTERM')).toBe(0);
    },
  );
});
