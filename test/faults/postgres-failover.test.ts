import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';
import { expectAllStored, type Sitter, startSitters } from '../support/sitter.ts';
import { VirtualIp } from '../support/virtual-ip.ts';

const SESSIONS = 100;
const PATIENCE_MS = 120_000;
const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

describe.runIf(postgresPrograms !== undefined)(`failover of PostgreSQL${title}`, () => {
  let primary: PostgresCluster;
  let standby: PostgresCluster;
  let folder: TestDatabase;
  let ip: VirtualIp;
  let server: ServerProcess | undefined;
  const sitters: Sitter[] = [];

  beforeAll(async () => {
    primary = await PostgresCluster.start();
    standby = await PostgresCluster.standbyOf(primary);
    // Synchronous: a commit is acknowledged when the standby has it.
    await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.query('SELECT pg_reload_conf()');
    folder = await createDatabase('pglite');
    ip = await VirtualIp.start(primary.port);
  });
  afterAll(async () => {
    for (const sitter of sitters) {
      sitter.stop();
      sitter.client.close();
    }
    await server?.stop('SIGKILL');
    await ip?.close();
    await standby?.remove();
    await primary?.remove();
    await folder?.remove();
  });

  const status = async (path: string) => (await fetch(server!.url + path)).status;
  const url = (hosts: string) => `postgres://invigil@${hosts}/postgres`;

  test(
    `a primary that turns read-only behind a virtual IP which keeps open connections is left by ${SESSIONS} sessions: no socket closes, and every acknowledged signal is on the new primary`,
    { timeout: 8 * 60_000 },
    async () => {
      server = new ServerProcess(
        await freePort(),
        { ...folder, url: url(`127.0.0.1:${ip.port}`) },
        { LOG_LEVEL: 'warn', VISION: 'off' },
      );
      await server.start();
      await waitFor('readiness', async () => (await status('/ready')) === 200, PATIENCE_MS);
      await startSitters(server, SESSIONS, sitters);
      await waitFor('signals of everybody', () => sitters.every(({ acked }) => acked >= 4), PATIENCE_MS);

      await primary.query('ALTER SYSTEM SET default_transaction_read_only = on');
      await primary.query('SELECT pg_reload_conf()');
      await waitFor('/ready to say so', async () => (await status('/ready')) === 503, PATIENCE_MS);
      const unstored = () => sitters.map(({ sent, acked }) => sent - acked);
      await waitFor('signals of everybody that wait', () => unstored().every((count) => count >= 8), PATIENCE_MS);
      standby.promote();
      ip.move(standby.port);
      const moved = performance.now();
      const waited = sitters.map(({ sent }) => sent);
      const pending = unstored().reduce((sum, count) => sum + count, 0);
      await waitFor('everything that waited', () => sitters.every(({ acked }, i) => acked >= waited[i]!), PATIENCE_MS);
      const drained = Math.round(performance.now() - moved);
      await waitFor('readiness', async () => (await status('/ready')) === 200, PATIENCE_MS);
      console.log(
        `postgres-failover, ${SESSIONS} sessions: ${pending} signals waited, drained ${drained} ms after the new primary took writes`,
      );
      expect(ip.accepted).toBeGreaterThan(0);

      for (const sitter of sitters) sitter.stop();
      await Promise.all(sitters.map(({ client }) => client.drained()));
      expect(sitters.flatMap(({ left }) => left)).toEqual([]);
      const connections = await standby.query<{ application_name: string }>(
        "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'invigil%' ORDER BY 1",
      );
      expect(connections.map(({ application_name }) => application_name)).toContain('invigil-writer');
      await waitFor(
        'the lock on the new primary',
        async () => (await standby.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).length > 0,
        PATIENCE_MS,
      );
      await expectAllStored({ url: standby.url, dataDir: folder.dataDir }, sitters);
      for (const { client } of sitters.splice(0)) client.close();
      expect(await server.stop('SIGTERM')).toBe(0);
    },
  );

  test('of several hosts in DATABASE_URL the one that takes writes is used, whichever comes first', async () => {
    const hosts = (...clusters: PostgresCluster[]) => clusters.map(({ port }) => `127.0.0.1:${port}`).join(',');
    for (const order of [hosts(primary, standby), hosts(standby, primary)]) {
      const opened = await openDatabase({ url: url(order), dataDir: folder.dataDir });
      try {
        const found = await opened.db.selectNoFrom((eb) => eb.fn<number>('inet_server_port').as('port')).execute();
        expect(found).toEqual([{ port: standby.port }]);
      } finally {
        await opened.close();
      }
    }
  });

  test('target_session_attrs that no writing server can satisfy is refused', async () => {
    await expect(
      openDatabase({ url: `${standby.url}?target_session_attrs=standby`, dataDir: folder.dataDir }),
    ).rejects.toThrow(/target_session_attrs/);
  });
});
