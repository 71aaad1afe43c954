import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { facesOneEach } from '../frame-list.ts';
import { median, percentile, sorted } from '../../simulator/report/percentile.ts';
import { canReadStats } from '../../simulator/server/process-stats.ts';
import { seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { UNTHROTTLED_FPS } from '../stream/plan.ts';
import { jain } from './jain.ts';
import { type OverloadPlan, type OverloadRound, overloadRound } from './measure.ts';

const SECS = 10;
const ROUNDS = 5;
const FACTOR = 10;
/**
 * Maximum of an exam's policy: the fewest students for the load, and so the most frames per student to judge fairness
 * by.
 */
const FPS = 15;
const FULL_SESSIONS = 64;
/** Available students; enough for ten times 1500 frames/s. */
const MOST_STUDENTS = 1000;
/** The shared rate is judged every 2 s, and not for 4 s after a step down. */
const SETTLE_S = 16;
const MIB = 2 ** 20;

const p99 = (values: readonly number[]): number => percentile(sorted(values), 99) ?? Number.NaN;

interface Line {
  readonly name: string;
  readonly unit: string;
  readonly of: (round: OverloadRound) => number;
}

const LINES: readonly Line[] = [
  { name: 'analysed at most, closed loop', unit: 'frames/s', of: ({ most }) => most },
  { name: 'students', unit: 'students', of: ({ students }) => students },
  { name: 'sent, at the rates that the server states', unit: 'frames/s', of: ({ load }) => load.sent },
  { name: 'analysed', unit: 'frames/s', of: ({ load }) => load.analysed },
  { name: 'analysed, beside the most', unit: 'x', of: ({ load, most }) => load.analysed / most },
  { name: "Jain's fairness over sessions", unit: '0..1', of: ({ load }) => jain(load.bySession) },
  {
    name: 'analysed of a session',
    unit: 'frames',
    of: ({ load }) => load.bySession.reduce((sum, count) => sum + count, 0) / load.bySession.length,
  },
  { name: 'send to analysis, p99', unit: 'ms', of: ({ load }) => load.p99 ?? Number.NaN },
  { name: "share of the policies' rate that is asked for", unit: 'x', of: ({ load }) => load.rateScale },
  { name: 'signals acknowledged', unit: 'signals/s', of: ({ load }) => load.ackLatencies.length / load.seconds },
  { name: 'send to acknowledgement at rest, p99', unit: 'ms', of: ({ rest }) => p99(rest.ackLatencies) },
  { name: 'send to acknowledgement under load, p99', unit: 'ms', of: ({ load }) => p99(load.ackLatencies) },
  {
    name: 'send to acknowledgement, p99 under load beside at rest',
    unit: 'x',
    of: ({ load, rest }) => p99(load.ackLatencies) / p99(rest.ackLatencies),
  },
  { name: 'memory at rest, main process', unit: 'MiB', of: ({ rest }) => rest.memory.main / MIB },
  { name: 'memory while the rate comes down, main process', unit: 'MiB', of: ({ highest }) => highest.main / MIB },
  { name: 'memory under load, main process', unit: 'MiB', of: ({ load }) => load.memory.main / MIB },
  { name: 'memory at rest, inference host', unit: 'MiB', of: ({ rest }) => rest.memory.host / MIB },
  { name: 'memory under load, inference host', unit: 'MiB', of: ({ load }) => load.memory.host / MIB },
  { name: 'processor, main process', unit: '% of a core', of: ({ load }) => load.cpuASecond.main / 10 },
  { name: 'processor, inference host', unit: '% of a core', of: ({ load }) => load.cpuASecond.host / 10 },
  { name: 'processor, database', unit: '% of a core', of: ({ load }) => load.cpuASecond.database / 10 },
  { name: 'processor, load generator', unit: '% of a core', of: ({ load }) => load.cpuASecond.load / 10 },
  { name: "load generator's own delay, p99", unit: 'ms', of: ({ load }) => load.ownDelay },
];

async function measure(
  databaseUrl: string | undefined,
  plan: OverloadPlan,
  { rounds, most }: { rounds: number; most: number },
  say: (line: string) => void,
  errors: string[],
): Promise<Figure[]> {
  const label = databaseUrl === undefined ? 'PGlite' : 'PostgreSQL';
  const database = await seedDatabase(databaseUrl, [
    { students: plan.fullSessions, policy: {}, fps: UNTHROTTLED_FPS },
    { students: most, policy: {}, fps: plan.fps },
  ]);
  let server: SeededServer | undefined;
  try {
    server = await SeededServer.start(database, { say, errors });
    const [full = [], ordinary = []] = database.students;
    const all: OverloadRound[] = [];
    for (let round = 1; round <= rounds; round++) {
      const one = await overloadRound(server, [full, ordinary], plan, errors);
      all.push(one);
      say(
        `${round}/${rounds} ${label}: ${one.load.analysed.toFixed(0)} of at most ${one.most.toFixed(0)} frames/s for ${one.students} students, fairness ${jain(one.load.bySession).toFixed(4)}`,
      );
    }
    return LINES.map(({ name, unit, of }) =>
      figure(`${label}: ${name}`, median(all.map(of).filter(Number.isFinite)), unit),
    );
  } finally {
    await server?.stop();
    await database.remove();
  }
}

export interface OverloadOptions extends Pick<BenchOptions, 'secs' | 'rounds' | 'sessions' | 'fps' | 'frames'> {
  readonly settleSecs?: number;
  /** Maximum number of available students. */
  readonly most?: number;
}

export async function runOverload(
  {
    secs = SECS,
    rounds = ROUNDS,
    sessions = FULL_SESSIONS,
    fps = FPS,
    frames: folder,
    settleSecs = SETTLE_S,
    most = MOST_STUDENTS,
  }: OverloadOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
  const frames = await facesOneEach(folder, say);
  const plan: OverloadPlan = { secs, settleSecs, fullSessions: sessions, fps, factor: FACTOR, jpegs: frames.jpegs };
  const errors: string[] = [];
  const figures: Figure[] = [];
  const { DATABASE_URL: databaseUrl } = process.env;
  for (const url of databaseUrl ? [databaseUrl, undefined] : [undefined])
    figures.push(...(await measure(url, plan, { rounds, most }, say, errors)));
  const input = {
    seconds: secs,
    rounds,
    settleSeconds: settleSecs,
    closedLoopSessions: sessions,
    fps,
    factor: FACTOR,
    mostStudents: most,
    frames: frames.about,
    meanFrameBytes: frames.meanBytes,
  };
  return { input, figures, errors };
}

/**
 * Ten times the analysis capacity, from students that respect the server's stated rate: more would be dropped, and the
 * sockets closed, by rule F7.
 */
export const overload: Benchmark = {
  name: 'overload',
  about:
    'policies that request ten times the analysis capacity: analysed frames/s relative to the maximum, fairness, signal acknowledgements, memory',
  run: (options, say) => runOverload(options, say),
};
