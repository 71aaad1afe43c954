import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { facesOneEach } from '../frame-list.ts';
import { canReadStats } from '../../simulator/server/process-stats.ts';
import { seedDatabase } from '../seeded/database.ts';
import { type ConnectionsPlan, type HeldSockets, holdSockets } from './measure.ts';
import { makeRoom } from './open-files.ts';

const SECS = 60;
const IDLE_S = 10;
const SETTLE_S = 5;
const SIZES = [1000, 5000, 10_000];
const SHARE = 0.1;
const FPS = 1;
const KIB = 1024;
/**
 * Maximum of a policy: sending nothing must not open incidents, which would add an event per socket and disturb the
 * rest period.
 */
const NO_FRAME_S = 3600;

const LINES: readonly { readonly name: string; readonly unit: string; readonly of: (held: HeldSockets) => number }[] = [
  { name: 'accepted and greeted', unit: 'sockets/s', of: ({ acceptedPerSecond }) => acceptedPerSecond },
  {
    name: 'memory of an idle socket, main process',
    unit: 'KiB',
    of: ({ idle, baseline, sockets }) => (idle.resident - baseline.resident) / sockets / KIB,
  },
  {
    name: 'heap of an idle socket, main process',
    unit: 'KiB',
    of: ({ idle, baseline, sockets }) => (idle.heap - baseline.heap) / sockets / KIB,
  },
  { name: 'memory before, main process', unit: 'MiB', of: ({ baseline }) => baseline.resident / KIB / KIB },
  { name: 'memory at rest, main process', unit: 'MiB', of: ({ idle }) => idle.resident / KIB / KIB },
  {
    name: 'memory while some stream, main process',
    unit: 'MiB',
    of: ({ streaming }) => streaming.memory.main / KIB / KIB,
  },
  { name: 'processor at rest, main process', unit: '% of a core', of: ({ atRest }) => atRest.cpuASecond.main / 10 },
  { name: 'processor at rest, database', unit: '% of a core', of: ({ atRest }) => atRest.cpuASecond.database / 10 },
  { name: 'frames sent', unit: 'frames/s', of: ({ streaming }) => streaming.sent },
  { name: 'frames analysed', unit: 'frames/s', of: ({ streaming }) => streaming.analysed },
  { name: 'frames dropped as above the stated rate', unit: 'frames', of: ({ overRate }) => overRate },
  { name: "share of the policies' rate that is asked for", unit: 'x', of: ({ streaming }) => streaming.rateScale },
  { name: 'send to analysis, p50', unit: 'ms', of: ({ streaming }) => streaming.p50 ?? Number.NaN },
  { name: 'send to analysis, p99', unit: 'ms', of: ({ streaming }) => streaming.p99 ?? Number.NaN },
  {
    name: 'processor while some stream, main process',
    unit: '% of a core',
    of: ({ streaming }) => streaming.cpuASecond.main / 10,
  },
  {
    name: 'processor while some stream, inference host',
    unit: '% of a core',
    of: ({ streaming }) => streaming.cpuASecond.host / 10,
  },
  {
    name: 'processor while some stream, load generator',
    unit: '% of a core',
    of: ({ streaming }) => streaming.cpuASecond.load / 10,
  },
  { name: "load generator's own delay, p99", unit: 'ms', of: ({ streaming }) => streaming.ownDelay },
  { name: 'errors', unit: 'errors', of: ({ errors }) => errors.length },
];

/** Between the smallest and the largest count: one-time costs of the first sockets are in both. */
function growth(all: readonly HeldSockets[]): Figure[] {
  const [first] = all;
  const last = all.at(-1);
  if (!first || !last || first === last) return [];
  const each = (of: (held: HeldSockets) => number) => (of(last) - of(first)) / (last.sockets - first.sockets) / KIB;
  return [
    figure(
      `${last.sockets} sockets over ${first.sockets}: memory of one more, main process`,
      each(({ idle }) => idle.resident),
      'KiB',
    ),
    figure(
      `${last.sockets} sockets over ${first.sockets}: heap of one more, main process`,
      each(({ idle }) => idle.heap),
      'KiB',
    ),
  ];
}

export interface ConnectionsOptions extends Pick<BenchOptions, 'secs' | 'sessions' | 'fps' | 'frames'> {
  readonly idleSecs?: number;
  readonly settleSecs?: number;
}

export async function runConnections(
  { secs = SECS, sessions, fps = FPS, frames: folder, idleSecs = IDLE_S, settleSecs = SETTLE_S }: ConnectionsOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  if (!canReadStats())
    throw new Error('memory and processor time are read from /proc, which this system does not have');
  const errors: string[] = [];
  const sizes = (sessions === undefined ? SIZES : [sessions]).filter((sockets) => {
    const why = makeRoom(sockets);
    if (why) errors.push(why);
    return !why;
  });
  const most = Math.max(0, ...sizes);
  const frames = await facesOneEach(folder, say);
  const plan: ConnectionsPlan = { secs, idleSecs, settleSecs, share: SHARE, fps, jpegs: frames.jpegs };
  say(`${most} accounts, logins and sessions`);
  const { DATABASE_URL: databaseUrl } = process.env;
  const database = await seedDatabase(databaseUrl, [
    { students: most, policy: { frames: { sendFps: fps, analyseFps: fps }, holds: { noFrame: NO_FRAME_S } } },
  ]);
  const all: HeldSockets[] = [];
  try {
    for (const sockets of sizes) {
      const held = await holdSockets(database, sockets, plan, say);
      all.push(held);
      errors.push(...held.errors.map((error) => `${sockets} sockets: ${error}`));
    }
  } finally {
    await database.remove();
  }
  const figures = all.flatMap((held, index) =>
    LINES.map(({ name, unit, of }) => figure(`${sizes[index]} sockets: ${name}`, of(held), unit)),
  );
  const input = {
    seconds: secs,
    idleSeconds: idleSecs,
    settleSeconds: settleSecs,
    sizes,
    streamingShare: SHARE,
    fps,
    database: databaseUrl === undefined ? 'PGlite' : 'PostgreSQL',
    frames: frames.about,
    meanFrameBytes: frames.meanBytes,
  };
  return { input, figures: [...figures, ...growth(all)], errors };
}

/** Many sockets, few of them active. */
export const connections: Benchmark = {
  name: 'connections',
  about: '1,000, 5,000 and 10,000 sockets, one in ten streaming: memory per socket, accept rate, idle CPU time, errors',
  run: (options, say) => runConnections(options, say),
};
