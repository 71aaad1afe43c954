import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import type { Api } from '../support/api.ts';
import { createDatabase } from '../support/databases.ts';
import { ExamLoad } from '../support/exam-load.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { hasSmallDisks, SmallDisk } from '../support/small-disk.ts';

const FULL_MS = sized(20_000, 2000);
const skipped = hasSmallDisks ? '' : ' (skipped: no rights to mount a small file system)';

interface Site {
  readonly server: ServerProcess;
  readonly disk: SmallDisk;
  readonly load: ExamLoad;
  readonly admin: Api;
  health(): Promise<Record<string, string>>;
  metric(name: string): Promise<number>;
}

/** A folder of the server on a disk of its own. */
interface Folder {
  readonly name: string;
  readonly megabytes: number;
  readonly env: (folder: string) => NodeJS.ProcessEnv;
  /** Before the disk is full. */
  before?(site: Site): Promise<void>;
  /** While it is full: what the server says about it. */
  whileFull(site: Site): Promise<void>;
  /** Once there is space. */
  after(site: Site): Promise<void>;
}

const LOG = 'server.log';
const exported = async ({ load, admin }: Site) =>
  admin.send('GET', `/api/audit/attempt/${load.students[0]!.sessionId}/file`);

const FOLDERS: readonly Folder[] = [
  {
    name: 'log',
    megabytes: 1,
    env: () => ({}),
    whileFull: async ({ server, disk, health }) => {
      // Free bytes of the file's last page.
      expect(() => {
        for (;;) appendFileSync(join(disk.folder, LOG), '\n'.repeat(64));
      }).toThrow('ENOSPC');
      await fetch(`${server.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'nobody@example.org', password: 'not the password' }),
      });
      await waitFor('the log to be degraded', async () => (await health())['logs'] === 'degraded');
    },
    after: async ({ disk, health, metric }) => {
      await waitFor('the log to be up', async () => (await health())['logs'] === 'up');
      const lines = readFileSync(join(disk.folder, LOG), 'utf8').split(/\n+/).filter(Boolean);
      expect(lines.filter((line) => line.includes('login_failed'))).toHaveLength(1);
      // No line is torn.
      for (const line of lines) expect(line).toMatch(/^\{.*\}$/);
      expect(await metric('invigil_log_lines_lost_total')).toBe(0);
    },
  },
  {
    name: 'evidence',
    megabytes: 16,
    env: (folder) => ({ EVIDENCE_DIR: join(folder, 'evidence') }),
    before: ({ metric }) => waitFor('a picture', async () => (await metric('invigil_evidence_kept_total')) > 0),
    whileFull: ({ metric }) =>
      waitFor(
        'a picture that is not stored',
        async () => (await metric('invigil_evidence_dropped_total{reason="store_failed"}')) > 0,
        60_000,
      ),
    after: async ({ metric }) => {
      const kept = await metric('invigil_evidence_kept_total');
      await waitFor('more pictures', async () => (await metric('invigil_evidence_kept_total')) > kept);
    },
  },
  {
    name: 'audit',
    megabytes: 1,
    env: (folder) => ({ AUDIT_DIR: join(folder, 'audit') }),
    whileFull: async ({ disk, health }) => {
      expect(() => {
        for (;;) appendFileSync(join(disk.folder, 'audit', 'checkpoints'), '\n'.repeat(64));
      }).toThrow('ENOSPC');
      await waitFor('the audit log to be behind', async () => (await health())['audit'] === 'behind');
    },
    after: ({ health }) => waitFor('the audit log to be ok', async () => (await health())['audit'] === 'ok'),
  },
  {
    name: 'temporary',
    megabytes: 1,
    env: (folder) => ({ TMPDIR: folder }),
    before: (site) => waitFor('an export', async () => (await exported(site)).status === 200),
    whileFull: async (site) => {
      expect(await exported(site)).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
    },
    after: async (site) => {
      expect(await exported(site)).toMatchObject({ status: 200 });
    },
  },
];

test.runIf(hasSmallDisks)(
  `a first start on a full disk leaves no empty secrets: the next one makes them once there is space${skipped}`,
  () => {
    const disk = SmallDisk.make(1)!;
    try {
      const env = { DATA_DIR: join(disk.folder, 'data') };
      disk.fill();
      expect(() => readConfig(env)).toThrow('ENOSPC');
      disk.empty();
      const { secrets } = readConfig(env);
      expect(readConfig(env).secrets).toEqual(secrets);
    } finally {
      disk.remove();
    }
  },
);

test.runIf(hasSmallDisks).for(FOLDERS)(
  `while the disk of the $name folder is full the exam goes on; it recovers once there is space, and in between SIGTERM ends the server and another one starts${skipped}`,
  { timeout: 600_000 },
  async (folder) => {
    const disk = SmallDisk.make(folder.megabytes)!;
    const database = await createDatabase('pglite', 'schema');
    const server = new ServerProcess(await freePort(), database, folder.env(disk.folder));
    const stdout = openSync(join(disk.folder, LOG), 'a');
    const outputs: [number?] = folder.name === 'log' ? [stdout] : [];
    let load: ExamLoad | undefined;
    try {
      await server.start(...outputs);
      load = await ExamLoad.start(server);
      const admin = await server.admin();
      const site: Site = {
        server,
        disk,
        load,
        admin,
        health: async () => (await (await fetch(`${server.url}/health`)).json()) as Record<string, string>,
        metric: async (name) => {
          const text = await (await fetch(`${server.url}/metrics`)).text();
          return Number(
            text
              .split('\n')
              .find((line) => line.startsWith(`${name} `))
              ?.split(' ')
              .at(-1) ?? 0,
          );
        },
      };
      await folder.before?.(site);

      disk.fill();
      await folder.whileFull(site);
      const { acked, analyses, sent } = load;
      await sleep(FULL_MS);
      await load.acknowledged(sent);
      expect(load.acked).toBeGreaterThan(acked);
      await waitFor('analyses', () => load!.analyses > analyses);
      await waitFor('/ready 200', async () => (await fetch(`${server.url}/ready`)).status === 200);
      await server.admin();
      expect(load.students.flatMap(({ left }) => left)).toEqual([]);

      disk.empty();
      await folder.after(site);
      expect(await admin.get('/api/blockchain/verify')).toMatchObject({ valid: true });

      disk.fill();
      await load.acknowledged(load.sent);
      expect(await server.stop('SIGTERM')).toBe(0);
      load.close();

      await server.start(...outputs);
      disk.empty();
      await waitFor('the audit log to be ok', async () => (await site.health())['audit'] === 'ok');
      expect(await (await server.admin()).get('/api/blockchain/verify')).toMatchObject({ valid: true });
      expect(await server.stop('SIGTERM')).toBe(0);
      await load.expectStored(database);
    } finally {
      load?.close();
      await server.stop('SIGKILL');
      closeSync(stdout);
      disk.remove();
      await database.remove();
    }
  },
);
