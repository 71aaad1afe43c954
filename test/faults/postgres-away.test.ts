import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { expectAllStored, type Sitter, startSitters } from '../support/sitter.ts';
import { waitFor } from '../support/server.ts';
import { createDatabase } from '../support/databases.ts';
import { sized } from '../support/size.ts';

const SESSIONS = sized(200, 50);
const AWAY_MS = sized(60_000, 10_000);
/** Reached after some 13 s (6 s) of this load. */
const BACKLOG_MB = sized('16', '2');
/** Promised maximum time to store everything that waited, once the database is back. */
const DRAIN_MS = 30_000;
/** Acknowledgements of earlier commits may arrive this late. */
const LAST_ACK_MS = 2000;

const memoryOf = (pid: number) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

const title = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : '';

test.runIf(postgresPrograms !== undefined)(
  `PostgreSQL is down, then frozen, for ${AWAY_MS / 1000} s under ${SESSIONS} sessions: no socket closes, only stored signals are acknowledged, and all are stored within 30 s after (S8 S9)${title}`,
  { timeout: sized(10, 4) * 60_000 },
  async () => {
    const cluster = await PostgresCluster.start();
    const folder = await createDatabase('pglite');
    const server = new ServerProcess(
      await freePort(),
      { ...folder, url: cluster.url },
      { BACKLOG_MB, LOG_LEVEL: 'warn', INFERENCE_THREADS: '1' },
    );
    const sitters: Sitter[] = [];
    const sum = (of: (sitter: Sitter) => number) => sitters.reduce((total, sitter) => total + of(sitter), 0);
    const status = async (path: string) => (await fetch(server.url + path)).status;
    const metric = async (name: string) =>
      Number(
        (await (await fetch(`${server.url}/metrics`)).text())
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1] ?? 0,
      );
    try {
      await server.start();
      await waitFor('readiness', async () => (await status('/ready')) === 200);
      await startSitters(server, SESSIONS, sitters);
      await waitFor('signals of everybody', () => sitters.every(({ acked }) => acked >= 4));

      const outage = async (name: string, go: () => Promise<void>, comeBack: () => Promise<void>) => {
        const before = memoryOf(server.pid!);
        await go();
        await sleep(LAST_ACK_MS);
        const [ackedThen, from] = [sum(({ acked }) => acked), performance.now()];
        let readyAgain = 0;
        let most = before;
        await waitFor(`${name}: /ready to say so`, async () => (await status('/ready')) === 503, AWAY_MS);
        while (performance.now() - from < AWAY_MS - LAST_ACK_MS) {
          expect(await status('/health')).toBe(200);
          if ((await status('/ready')) !== 503) readyAgain += 1;
          most = Math.max(most, memoryOf(server.pid!));
          await sleep(500);
        }
        expect([name, readyAgain, sum(({ acked }) => acked)]).toEqual([name, 0, ackedThen]);
        const waited = sitters.map(({ sent }) => sent);
        const pending = sum(({ client }) => client.pending);
        const held = sitters.filter(({ client }) => client.held).length;
        await comeBack();
        const back = performance.now();
        await waitFor(
          `${name}: everything that waited`,
          () => sitters.every(({ acked }, i) => acked >= waited[i]!),
          DRAIN_MS,
        );
        const drained = Math.round(performance.now() - back);
        await waitFor(`${name}: readiness`, async () => (await status('/ready')) === 200);
        expect(sitters.flatMap(({ left }) => left)).toEqual([]);
        console.log(
          `postgres-away, ${name} for ${AWAY_MS / 1000} s, ${SESSIONS} sessions: ${pending} signals waited, ${held} clients held, drained in ${drained} ms; memory ${before} -> ${most} MB; frames given up ${await metric('invigil_frames_dropped_total{reason="store_away"}')}`,
        );
      };
      await outage(
        'killed',
        () => cluster.crash(),
        () => cluster.start(),
      );
      await outage(
        'frozen',
        () => cluster.freeze(),
        () => cluster.thaw(),
      );

      for (const sitter of sitters) sitter.stop();
      await Promise.all(sitters.map(({ client }) => client.drained()));
      expect(sum(({ holds }) => holds)).toBeGreaterThan(0);
      for (const rows of await expectAllStored({ url: cluster.url, dataDir: folder.dataDir }, sitters))
        expect(rows.filter(({ type }) => /^CONNECTION|NO_FRAME/.test(type))).toEqual([]);
    } finally {
      for (const sitter of sitters) {
        sitter.stop();
        sitter.client.close();
      }
      await server.stop('SIGKILL');
      await cluster.remove();
      await folder.remove();
    }
  },
);
