import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { ADMIN } from '../support/admin.ts';
import type { TestDatabase } from '../support/databases.ts';
import { ExamLoad } from '../support/exam-load.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { hasSmallDisks, SmallDisk } from '../support/small-disk.ts';
import { waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';

const FULL_MS = sized(20_000, 2000);
const skipped = hasSmallDisks ? '' : ' (skipped: no rights to mount a small file system)';

interface FullDisk {
  readonly database: TestDatabase;
  fill(): void;
  /** Frees the space; restarts the database if it has ended. */
  free(): Promise<void>;
}

async function fillUp(name: string, disk: FullDisk): Promise<void> {
  const server = new ServerProcess(await freePort(), disk.database, { LOG_LEVEL: 'warn' });
  let load: ExamLoad | undefined;
  const ready = async () => (await fetch(`${server.url}/ready`)).status;
  const becomes = (status: number) => waitFor(`/ready ${status}`, async () => (await ready()) === status);
  try {
    await server.start();
    load = await ExamLoad.start(server);
    disk.fill();
    await becomes(503);
    await sleep(500);
    const ackedWhenFull = load.acked;
    await sleep(FULL_MS);
    expect(load.acked).toBe(ackedWhenFull);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(await ready()).toBe(503);
    const login = await fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    });
    // PostgreSQL may have room for a small row in pages that it has.
    expect([200, 503]).toContain(login.status);
    const { sent, pending } = load;
    await disk.free();
    const from = performance.now();
    await load.acknowledged(sent);
    const drained = Math.round(performance.now() - from);
    await becomes(200);
    expect(load.students.flatMap(({ left }) => left)).toEqual([]);
    expect(await (await server.admin()).get('/api/blockchain/verify')).toMatchObject({ valid: true });

    disk.fill();
    await becomes(503);
    expect(await server.stop('SIGTERM')).toBe(0);
    load.stop();
    await disk.free();
    // The clients reconnect and send the rest.
    await server.start();
    await load.acknowledged(load.sent);
    load.close();
    expect(await (await server.admin()).get('/api/blockchain/verify')).toMatchObject({ valid: true });
    expect(await server.stop('SIGTERM')).toBe(0);
    await load.expectStored(disk.database);
    console.log(
      `disk-full ${name}: nothing acknowledged in ${FULL_MS} ms with ${pending} signals waiting; drained ${drained} ms after there was room; none missing, none twice`,
    );
  } finally {
    load?.close();
    await server.stop('SIGKILL');
  }
}

/** As created by a server: test copies are smaller. */
async function makePglite(dataDir: string): Promise<void> {
  await (await PGlite.create(join(dataDir, 'pglite'))).close();
}

test.runIf(hasSmallDisks)(
  `with a full disk under the embedded database nothing is acknowledged, sockets stay open, storing resumes once there is space, and SIGTERM ends the server in between (S8)${skipped}`,
  { timeout: 600_000 },
  async () => {
    const disk = SmallDisk.make(112)!;
    try {
      await makePglite(disk.folder);
      const database = { url: undefined, dataDir: disk.folder, remove: () => Promise.resolve() };
      await fillUp('pglite', { database, fill: () => disk.fill(), free: () => Promise.resolve(disk.empty()) });
    } finally {
      disk.remove();
    }
  },
);

const postgresSkipped = postgresPrograms === undefined ? ' (skipped: PostgreSQL is not installed)' : skipped;

test.runIf(hasSmallDisks && postgresPrograms !== undefined)(
  `with a full disk under PostgreSQL nothing is acknowledged, sockets stay open, storing resumes once there is space, and SIGTERM ends the server in between (S8)${postgresSkipped}`,
  { timeout: 600_000 },
  async () => {
    const disk = SmallDisk.make(128)!;
    const folder = join(disk.folder, 'postgres');
    mkdirSync(folder);
    mkdirSync(join(disk.folder, 'data'));
    const cluster = await PostgresCluster.start(folder, ['--wal-segsize=1']);
    try {
      const database = { url: cluster.url, dataDir: join(disk.folder, 'data'), remove: () => Promise.resolve() };
      let ended = false;
      const free = async () => {
        ended = !cluster.isRunning;
        disk.empty();
        if (ended) await cluster.start();
      };
      await fillUp('postgres', { database, fill: () => disk.fill(), free });
      console.log(`disk-full postgres: PostgreSQL ${ended ? 'had ended, and was started again' : 'lived on'}`);
    } finally {
      await cluster.remove();
      disk.remove();
    }
  },
);

test.runIf(hasSmallDisks)(
  `an embedded database that panics is abandoned at once, and the process can exit (known: a panic inside COMMIT is not reported and the engine spins; only the reserved disk space prevents it)${skipped}`,
  async () => {
    const disk = SmallDisk.make(72)!;
    try {
      await makePglite(disk.folder);
      const filler = join(disk.folder, 'filler');
      const script = join(disk.folder, 'panic.mjs');
      const code = `import { statfsSync, writeFileSync } from 'node:fs';
      import { openDatabase } from ${JSON.stringify(fileURLToPath(new URL('../../dist/db/open.js', import.meta.url)))};
      import { sql } from ${JSON.stringify(import.meta.resolve('kysely'))};
      const onBroken = (error) => { console.log('broken: ' + error.message); process.exit(3); };
      const { db } = await openDatabase({ url: undefined, dataDir: ${JSON.stringify(disk.folder)}, minFreeBytes: 0, onBroken });
      await sql\`CREATE TABLE t (n integer)\`.execute(db);
      const { bavail, bsize } = statfsSync(${JSON.stringify(disk.folder)});
      writeFileSync(${JSON.stringify(filler)}, Buffer.alloc(bavail * bsize - 2_000_000));
      await sql\`SELECT pg_switch_wal()\`.execute(db);
      await sql\`INSERT INTO t VALUES (1)\`.execute(db).catch((error) => console.log(error.message));
      await sql\`INSERT INTO t VALUES (2)\`.execute(db);
      console.log('went on');`;
      writeFileSync(script, code);
      const { status, stdout } = spawnSync(process.execPath, [script], {
        encoding: 'utf8',
        timeout: 200_000,
        killSignal: 'SIGKILL',
      });
      expect(stdout).toMatch(/^broken: could not write to file "pg_wal\/.*No space left on device\n$/);
      expect(status).toBe(3);
    } finally {
      disk.remove();
    }
  },
);
