import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { listEvents } from '../../db/events.ts';
import { openDatabase } from '../../db/open.ts';
import { Api } from '../support/api.ts';
import type { TestDatabase } from '../support/databases.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { postgresPrograms } from '../support/requirements.ts';
import { createClient } from '../support/sdk.ts';
import { hasSmallDisks, SmallDisk } from '../support/small-disk.ts';
import { waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';

const SESSIONS = 4;
const FULL_MS = sized(5000, 2000);
const skipped = hasSmallDisks ? '' : ' (skipped: no rights to mount a small file system)';

/** Incompressible signals of nearly 2 KiB each, within a session's budget for as long as needed. */
function report(api: Api, sessionId: string) {
  const client = createClient(api, sessionId);
  const state = { client, sessionId, sent: 0, acked: 0, left: [] as string[] };
  client.on('ack', ({ seq }) => (state.acked = Math.max(state.acked, seq)));
  client.on(
    'state',
    (change) =>
      change.state !== 'live' &&
      change.state !== 'connecting' &&
      state.left.push(`${change.state} ${change.closeCode}`),
  );
  const timer = setInterval(
    () => client.pending < 1000 && client.signal('PASTE', { n: ++state.sent, text: randomBytes(950).toString('hex') }),
    200,
  );
  return Object.assign(state, { stop: () => clearInterval(timer) });
}

interface FullDisk {
  readonly database: TestDatabase;
  fill(): void;
  /** Frees the space; restarts the database if it has ended. */
  free(): Promise<void>;
}

async function fillUp(name: string, disk: FullDisk): Promise<void> {
  const server = new ServerProcess(await freePort(), disk.database, { FACE_MODEL: 'none', LOG_LEVEL: 'warn' });
  const reporters: ReturnType<typeof report>[] = [];
  const acked = () => reporters.reduce((sum, reporter) => sum + reporter.acked, 0);
  const ready = async () => (await fetch(`${server.url}/ready`)).status;
  try {
    await server.start();
    const exam = await (await server.admin()).createExam();
    for (let i = 0; i < SESSIONS; i++) {
      const student = new Api(server.url);
      await student.register(`student-${i}@example.org`, 'long enough', 'Student');
      reporters.push(report(student, (await student.startSession(exam.id)).id));
    }
    await Promise.all(reporters.map(({ client }) => client.connect()));
    await waitFor('signals of everybody', () => reporters.every((reporter) => reporter.acked > 5), 60_000);
    disk.fill();
    await waitFor('/ready to say so', async () => (await ready()) === 503, 60_000);
    await sleep(500);
    const ackedWhenFull = acked();
    await sleep(FULL_MS);
    expect(acked()).toBe(ackedWhenFull);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(await ready()).toBe(503);
    const waited = reporters.map(({ sent }) => sent);
    const pending = reporters.reduce((sum, { client }) => sum + client.pending, 0);
    await disk.free();
    const from = performance.now();
    await waitFor(
      'everything that waited',
      () => reporters.every((reporter, i) => reporter.acked >= waited[i]!),
      60_000,
    );
    const drained = Math.round(performance.now() - from);
    for (const reporter of reporters) reporter.stop();
    await Promise.all(reporters.map(({ client }) => client.drained()));
    expect(reporters.flatMap(({ left }) => left)).toEqual([]);
    for (const { client } of reporters) client.close();
    expect(await server.stop('SIGTERM')).toBe(0);
    const opened = await openDatabase(disk.database);
    for (const { sessionId, sent } of reporters) {
      const rows = (await listEvents(opened.db, { session: sessionId, limit: 100_000 })).filter(
        ({ type }) => type === 'PASTE',
      );
      expect(rows.map(({ details }) => (details as { data: { n: number } }).data.n)).toEqual(
        Array.from({ length: sent }, (_, i) => i + 1),
      );
    }
    await opened.close();
    console.log(
      `disk-full ${name}: nothing acknowledged in ${FULL_MS} ms with ${pending} signals waiting; drained ${drained} ms after there was room; none missing, none twice`,
    );
  } finally {
    for (const reporter of reporters) {
      reporter.stop();
      reporter.client.close();
    }
    await server.stop('SIGKILL');
  }
}

/** As created by a server: test copies are smaller. */
async function makePglite(dataDir: string): Promise<void> {
  await (await PGlite.create(join(dataDir, 'pglite'))).close();
}

test.runIf(hasSmallDisks)(
  `with a full disk under the embedded database nothing is acknowledged, sockets stay open, and storing resumes once there is space (S8)${skipped}`,
  { timeout: 400_000 },
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
  `with a full disk under PostgreSQL nothing is acknowledged, sockets stay open, and storing resumes once there is space (S8)${postgresSkipped}`,
  { timeout: 400_000 },
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
  { timeout: 240_000 },
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
