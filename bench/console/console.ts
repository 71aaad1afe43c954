import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { median } from '../../simulator/report/percentile.ts';
import { canReadStats } from '../../simulator/server/process-stats.ts';
import { seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { numberOption, UsageError } from '../../simulator/options.ts';
import { table } from '../../simulator/report/table.ts';
import { Fan, type FanOut } from './measure.ts';

const SECS = 10;
const ROUNDS = 5;
const SESSIONS = 500;
/** Maximum number of sessions in a console's snapshot (rule P1); others would follow. */
const MOST_SESSIONS = 2000;
const CONSOLES = 100;
/** All from one address, below the server's limit per address. */
const MOST_CONSOLES = 2000;
/** Events per student and second: one in ten seconds is a busy exam. */
const FPS = 0.1;
/**
 * Signals in flight in the closed loop, in all: enough to keep the database busy, and less than the buffer of a
 * console's socket.
 */
const ON_THEIR_WAY = 64;
/** Shares of the closed loop's rate. */
const SHARES = [0.25, 0.5, 0.7, 0.9] as const;
/** Latency that a proctor does not notice. */
const BOUND_MS = 250;
/** Maximum of a policy: missing pictures must not open incidents, which would be events besides the signals. */
const NO_FRAME_S = 3600;

const CLOSED = 'closed loop';
const ordinaryOf = (fps: number): string => `open loop, ${fps}/s a student`;
const shareOf = (share: number): string => `open loop, ${share * 100} % of that`;

interface Column {
  readonly head: string;
  readonly name: string;
  readonly unit: string;
  readonly of: (fan: FanOut) => number | null;
}

const COLUMNS: readonly Column[] = [
  { head: 'events/s', name: 'events made', unit: 'events/s', of: ({ events }) => events },
  {
    head: 'delivered/s',
    name: 'events delivered to all consoles',
    unit: 'events/s',
    of: ({ deliveries }) => deliveries,
  },
  { head: 'others/s', name: 'other messages to all consoles', unit: 'messages/s', of: ({ others }) => others },
  { head: 'p50 ms', name: 'send to receipt, p50', unit: 'ms', of: ({ p50 }) => p50 },
  { head: 'p95 ms', name: 'send to receipt, p95', unit: 'ms', of: ({ p95 }) => p95 },
  { head: 'p99 ms', name: 'send to receipt, p99', unit: 'ms', of: ({ p99 }) => p99 },
  { head: 'main', name: 'processor time, main process', unit: 'ms a delivered event', of: ({ cpu }) => cpu.main },
  { head: 'host', name: 'processor time, inference host', unit: 'ms a delivered event', of: ({ cpu }) => cpu.host },
  { head: 'database', name: 'processor time, database', unit: 'ms a delivered event', of: ({ cpu }) => cpu.database },
  { head: 'load', name: 'processor time, load generator', unit: 'ms a delivered event', of: ({ cpu }) => cpu.load },
  {
    head: 'main %',
    name: 'processor, main process',
    unit: '% of a core',
    of: ({ cpuASecond }) => cpuASecond.main / 10,
  },
  {
    head: 'load %',
    name: 'processor, load generator',
    unit: '% of a core',
    of: ({ cpuASecond }) => cpuASecond.load / 10,
  },
  { head: 'own delay', name: "load generator's own delay, p99", unit: 'ms', of: ({ ownDelay }) => ownDelay },
];

/** Summed over the rounds: one is too many. */
const FAULTS = [
  { head: 'gaps', name: 'gaps told', of: ({ gaps }: FanOut) => gaps },
  { head: 'missing', name: 'left out without a gap', of: ({ missing }: FanOut) => missing },
  { head: 'repeated', name: 'repeated', of: ({ repeated }: FanOut) => repeated },
  { head: 'lost', name: 'never arrived', of: ({ lost }: FanOut) => lost },
] as const;

/** Samples of each work, round by round. */
type Samples = Map<string, FanOut[]>;

interface ConsolePlan {
  readonly secs: number;
  readonly sessions: number;
  readonly consoles: number;
  readonly fps: number;
}

/** New sockets each round: they live no longer than the logins of their tickets. */
async function measureRound(
  fan: Fan,
  { secs, sessions, fps }: ConsolePlan,
  done: (name: string, fan: FanOut) => void,
): Promise<void> {
  const closed = await fan.run({ kind: 'closed', onTheirWay: ON_THEIR_WAY }, secs);
  done(CLOSED, closed);
  const works = [
    { name: ordinaryOf(fps), perSecond: fps * sessions },
    ...SHARES.map((share) => ({ name: shareOf(share), perSecond: share * closed.events })),
  ];
  for (const { name, perSecond } of works) {
    await fan.mend();
    done(name, await fan.run({ kind: 'open', perSecond }, secs));
  }
}

const middle = (samples: readonly FanOut[], of: (fan: FanOut) => number | null) =>
  median(samples.flatMap((sample) => of(sample) ?? []).filter(Number.isFinite));
const total = (samples: readonly FanOut[], of: (fan: FanOut) => number) =>
  samples.reduce((sum, sample) => sum + of(sample), 0);

/** For each round, the highest rate of an open loop delivered completely and in time; 0: none. */
function inTime(samples: Samples, rounds: number): number[] {
  const open = [...samples].filter(([name]) => name !== CLOSED).map(([, all]) => all);
  return Array.from({ length: rounds }, (_, round) =>
    Math.max(
      0,
      ...open
        .flatMap((all) => all[round] ?? [])
        .filter(({ isWhole, p99 }) => isWhole && p99 !== null && p99 <= BOUND_MS)
        .map(({ deliveries }) => deliveries),
    ),
  );
}

function figuresOf(samples: Samples, rounds: number): Figure[] {
  return [
    figure(
      `most that an open loop had delivered whole, p99 at most ${BOUND_MS} ms`,
      median(inTime(samples, rounds)),
      'events/s',
    ),
    ...[...samples].flatMap(([work, all]) => [
      ...COLUMNS.map(({ name, unit, of }) => figure(`${work}: ${name}`, middle(all, of), unit)),
      ...FAULTS.map(({ name, of }) => figure(`${work}: ${name}`, total(all, of), 'events')),
    ]),
  ];
}

function tableOf(samples: Samples, rounds: number): string {
  const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(3)));
  const rows = [...samples].map(([work, all]) => [
    work,
    ...COLUMNS.map(({ of }) => short(middle(all, of))),
    ...FAULTS.map(({ of }) => total(all, of)),
  ]);
  const most = short(median(inTime(samples, rounds)));
  return `${table(['', ...COLUMNS.map(({ head }) => head), ...FAULTS.map(({ head }) => head)], rows)}\n\nprocessor times are ms a delivered event\nmost that an open loop had delivered whole, p99 at most ${BOUND_MS} ms: ${most} events/s`;
}

export interface ConsoleOptions extends Pick<BenchOptions, 'secs' | 'rounds' | 'sessions' | 'fps'> {
  readonly consoles?: number;
  /** PostgreSQL server where databases can be created; default: the embedded database. */
  readonly databaseUrl?: string | undefined;
}

export async function runConsole(
  { secs = SECS, rounds = ROUNDS, sessions = SESSIONS, fps = FPS, consoles = CONSOLES, databaseUrl }: ConsoleOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
  if (sessions > MOST_SESSIONS)
    throw new UsageError(`--sessions: at most ${MOST_SESSIONS}, the size of a console's snapshot`);
  const plan: ConsolePlan = { secs, sessions, consoles, fps };
  const errors: string[] = [];
  const samples: Samples = new Map();
  const database = await seedDatabase(databaseUrl, [
    { students: sessions, policy: { holds: { noFrame: NO_FRAME_S } } },
  ]);
  let server: SeededServer | undefined;
  try {
    server = await SeededServer.start(database, { say, errors });
    const {
      students: [students = []],
      exams: [exam],
    } = database;
    for (let round = 1; round <= rounds; round++) {
      const failures = new Map<string, number>();
      const fan = await Fan.open(server, { exam: exam!, students, consoles }, (reason) =>
        failures.set(reason, (failures.get(reason) ?? 0) + 1),
      );
      try {
        await measureRound(fan, plan, (name, one) => {
          samples.set(name, [...(samples.get(name) ?? []), one]);
          const faults = one.missing + one.repeated + one.lost;
          if (faults > 0)
            errors.push(
              `${name}: ${one.missing} events left out without a gap, ${one.repeated} repeated, ${one.lost} never arrived`,
            );
          say(
            `${round}/${rounds} ${name}: ${one.deliveries.toFixed(0)} events/s delivered, p99 ${one.p99?.toFixed(1)} ms, ${one.gaps} gaps`,
          );
        });
      } finally {
        errors.push(...[...failures].map(([reason, count]) => `${count} x ${reason}`));
        fan.close();
      }
    }
  } finally {
    await server?.stop();
    await database.remove();
  }
  const input = {
    seconds: secs,
    rounds,
    sessions,
    consoles,
    eventsOfAStudent: fps,
    onTheirWay: ON_THEIR_WAY,
    shares: SHARES,
    p99BoundMs: BOUND_MS,
    database: databaseUrl === undefined ? 'PGlite' : 'PostgreSQL',
  };
  return { input, figures: figuresOf(samples, rounds), text: tableOf(samples, rounds), errors };
}

/** Cost of a hundred proctors watching one exam. */
export const consoleFanOut: Benchmark = {
  name: 'console',
  about:
    'fan-out to 100 consoles on 500 sessions: delivered events/s, latency from send to each console, gaps, CPU time per delivered event',
  ownOptions: { consoles: '  --consoles N   number of consoles subscribed to the exam' },
  run: (options, say) => {
    const { DATABASE_URL: databaseUrl } = process.env;
    const asked = options.own?.['consoles'];
    const consoles =
      asked === undefined ? CONSOLES : numberOption('consoles', asked, { min: 1, max: MOST_CONSOLES, whole: true });
    return runConsole({ ...options, consoles, databaseUrl: databaseUrl || undefined }, say);
  },
};
