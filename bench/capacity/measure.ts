import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { databaseSize } from '../../db/database-size.ts';
import { openDatabase } from '../../db/open.ts';
import { LeanCrowd, total } from '../lean/crowd.ts';
import { pause, type Stretch, stretch } from '../lean/stretch.ts';
import type { SeededDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import type { Rate } from './rates.ts';

const WARM_UP_MS = 3000;
/** Signals a second of each student, below the rate that is stored for ever (rule S10). */
const SIGNAL_EVERY_MS = 250;
const SIGNALS_MS = 120_000;

/** One period of one rate. */
export interface Sample extends Stretch {
  readonly students: number;
  /** Bytes a second that all students sent and received, with the headers of WebSocket messages. */
  readonly up: number;
  readonly down: number;
}

export interface Plan {
  readonly secs: number;
  readonly rounds: number;
  readonly rates: readonly Rate[];
  readonly clips: readonly (readonly Uint8Array[])[];
}

export interface Measured {
  readonly health: Record<string, unknown>;
  /** Memory without students, bytes. */
  readonly empty: { readonly main: number; readonly host: number };
  /** Server without students, CPU ms a second. */
  readonly idle: Stretch['cpuASecond'];
  /** By name of the rate, one sample a round. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Growth of the database, bytes: of a student's minute of frames, of an event. */
  readonly minute: number;
  readonly event: number;
}

async function sizeOf({ url, folder }: SeededDatabase): Promise<number> {
  const { db, close } = await openDatabase({ url, dataDir: folder });
  try {
    return await databaseSize(db);
  } finally {
    await close();
  }
}

/** Measures one database with one sitting for each rate. @throws Error if the models cannot be loaded */
export async function measureCapacity(
  database: SeededDatabase,
  plan: Plan,
  say: (line: string) => void,
  errors: string[],
): Promise<Measured> {
  const before = await sizeOf(database);
  const { minutes, ...streamed } = await withServer(database, say, errors, (server) =>
    streamAll(server, database, plan, say, errors),
  );
  const streamedSize = await sizeOf(database);
  const signals = await withServer(database, say, errors, (server) => signalAll(server, database, plan, errors));
  const signalledSize = await sizeOf(database);
  return {
    ...streamed,
    minute: Math.max(0, streamedSize - before) / minutes,
    event: Math.max(0, signalledSize - streamedSize) / signals,
  };
}

async function withServer<T>(
  database: SeededDatabase,
  say: (line: string) => void,
  errors: string[],
  work: (server: SeededServer) => Promise<T>,
): Promise<T> {
  const server = await SeededServer.start(database, { say, errors });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function streamAll(
  server: SeededServer,
  { students }: SeededDatabase,
  { secs, rounds, rates, clips }: Plan,
  say: (line: string) => void,
  errors: string[],
): Promise<Omit<Measured, 'minute' | 'event'> & { readonly minutes: number }> {
  await pause(WARM_UP_MS);
  const empty = server.memory();
  const nobody = new LeanCrowd();
  const { cpuASecond } = await stretch(server, nobody, secs, 'nothing');
  const samples = new Map<string, Sample[]>();
  let minutes = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const [index, rate] of rates.entries()) {
      const crowd = new LeanCrowd();
      const began = performance.now();
      try {
        await crowd.connect(server, students[index]!, clips);
        crowd.begin({ kind: 'open', fps: rate.sent });
        await pause(Math.min(WARM_UP_MS, secs * 1000));
        const from = crowd.traffic;
        const one = await stretch(server, crowd, secs);
        const to = crowd.traffic;
        const perSecond = (of: 'up' | 'down') => (to[of] - from[of]) / one.seconds;
        samples.set(rate.name, [
          ...(samples.get(rate.name) ?? []),
          { ...one, students: crowd.students.length, up: perSecond('up'), down: perSecond('down') },
        ]);
        say(
          `${round}/${rounds} ${rate.name}: ${one.sent.toFixed(0)} frames/s sent, ${one.analysed.toFixed(0)} analysed, server ${(one.cpuASecond.main + one.cpuASecond.host + one.cpuASecond.database).toFixed(0)} ms a second`,
        );
      } finally {
        for (const error of crowd.errors) errors.push(`${rate.name}: ${error}`);
        crowd.close();
      }
      minutes += (crowd.students.length * (performance.now() - began)) / 60_000;
    }
  }
  return { health: await server.health(), empty, idle: cpuASecond, samples, minutes };
}

/** @returns number of stored signals */
async function signalAll(
  server: SeededServer,
  { students }: SeededDatabase,
  { secs }: Plan,
  errors: string[],
): Promise<number> {
  const crowd = new LeanCrowd();
  try {
    await crowd.connect(server, students[0]!, [[]]);
    for (const student of crowd.students) student.signalEvery(SIGNAL_EVERY_MS);
    await pause(Math.min(SIGNALS_MS, 3000 * secs));
    for (const student of crowd.students) student.signalEvery(0);
    const until = performance.now() + SIGNALS_MS;
    while (crowd.students.some(({ signalsOnTheirWay }) => signalsOnTheirWay > 0) && performance.now() < until)
      await pause(100);
    return Math.max(1, total(crowd.counts, 'acked'));
  } finally {
    for (const error of crowd.errors) errors.push(`signals: ${error}`);
    crowd.close();
  }
}

/** Mean size of the stored pictures of incidents, bytes; undefined: none was kept. */
export function pictureBytes(folder: string): number | undefined {
  const root = join(folder, 'evidence');
  if (!existsSync(root)) return undefined;
  const sizes = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}
