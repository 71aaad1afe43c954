import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { median, percentile, sorted } from '../../simulator/report/percentile.ts';
import { canReadStats } from '../../simulator/server/process-stats.ts';
import { POOL, type SignalsPlan, type SignalsRound, SignalsSide } from './round.ts';
import { WINDOW } from './signal-load.ts';

const SECS = 5;
const ROUNDS = 5;
const SESSIONS = 64;
/** Unmeasured warm-up: compilation, and growth of files and caches, s. */
const WARM_UP_S = 1;

interface Line {
  readonly name: string;
  readonly unit: string;
  readonly of: (round: SignalsRound) => number | null | undefined;
}

const p =
  (percent: number) =>
  ({ server }: SignalsRound) =>
    percentile(sorted(server.latencies), percent);

const LINES: readonly Line[] = [
  { name: 'durable signals', unit: 'signals/s', of: ({ server }) => server.perSecond },
  { name: 'beside bare inserts of many rows', unit: 'x', of: ({ server, many }) => server.perSecond / many.perSecond },
  { name: 'beside one transaction each', unit: 'x', of: ({ server, each }) => server.perSecond / each.perSecond },
  {
    name: `beside one transaction each on ${POOL} connections`,
    unit: 'x',
    of: ({ server, eachPooled }) => eachPooled && server.perSecond / eachPooled.perSecond,
  },
  { name: 'send to acknowledgement, p50', unit: 'ms', of: p(50) },
  { name: 'send to acknowledgement, p99', unit: 'ms', of: p(99) },
  { name: 'signals of a transaction', unit: 'signals', of: ({ server }) => server.aCommit },
  { name: 'processor time, main process', unit: 'ms a signal', of: ({ server }) => server.cpu.main },
  { name: 'processor time, inference host', unit: 'ms a signal', of: ({ server }) => server.cpu.host },
  { name: 'processor time, database', unit: 'ms a signal', of: ({ server }) => server.cpu.database },
  { name: 'processor time, load generator', unit: 'ms a signal', of: ({ server }) => server.cpu.load },
  { name: "load generator's own delay, p99", unit: 'ms', of: ({ server }) => server.ownDelay },
  { name: 'bare inserts of many rows', unit: 'rows/s', of: ({ many }) => many.perSecond },
  {
    name: 'bare inserts of many rows: processor time, database',
    unit: 'ms a row',
    of: ({ many }) => many.cpu.database,
  },
  {
    name: 'bare inserts of many rows: processor time, this process',
    unit: 'ms a row',
    of: ({ many }) => many.cpu.load,
  },
  { name: 'one transaction each', unit: 'rows/s', of: ({ each }) => each.perSecond },
  {
    name: `one transaction each on ${POOL} connections`,
    unit: 'rows/s',
    of: ({ eachPooled }) => eachPooled?.perSecond,
  },
];

interface Plan extends SignalsPlan {
  readonly secs: number;
  readonly rounds: number;
}

interface Measured {
  readonly figures: readonly Figure[];
  readonly settings: { readonly database: string } & Readonly<Record<string, string>>;
}

async function measure(plan: Plan, say: (line: string) => void, errors: string[]): Promise<Measured> {
  const label = plan.databaseUrl === undefined ? 'PGlite' : 'PostgreSQL';
  const all: SignalsRound[] = [];
  let settings = {};
  const side = await SignalsSide.open(plan, label, say, errors);
  try {
    const { secs, rounds } = plan;
    settings = await side.settings();
    await side.round(Math.min(WARM_UP_S, secs));
    for (let n = 1; n <= rounds; n++) {
      const round = await side.round(secs);
      all.push(round);
      const { server, many, each } = round;
      say(
        `${n}/${rounds} ${label}: ${server.perSecond.toFixed(0)} signals/s, ${server.aCommit.toFixed(0)} a transaction; bare ${many.perSecond.toFixed(0)} rows/s; one transaction each ${each.perSecond.toFixed(0)}/s`,
      );
    }
  } finally {
    await side.close();
  }
  const figures = LINES.flatMap(({ name, unit, of }) => {
    const values = all.flatMap((round) => of(round) ?? []).filter(Number.isFinite);
    return values.length === 0 && plan.databaseUrl === undefined
      ? []
      : [figure(`${label}: ${name}`, median(values), unit)];
  });
  return { figures, settings: { database: label, ...settings } };
}

export interface SignalsOptions extends Pick<BenchOptions, 'secs' | 'rounds' | 'sessions'> {
  /** PostgreSQL servers; undefined: the embedded database. */
  readonly databases: readonly (string | undefined)[];
}

export async function runSignals(
  { secs = SECS, rounds = ROUNDS, sessions = SESSIONS, databases }: SignalsOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
  const errors: string[] = [];
  const all: Measured[] = [];
  for (const databaseUrl of databases) all.push(await measure({ secs, rounds, sessions, databaseUrl }, say, errors));
  const input = {
    seconds: secs,
    rounds,
    sessions,
    window: WINDOW,
    connectionsOfPool: POOL,
    databases: all.map(({ settings }) => settings),
  };
  return { input, figures: all.flatMap(({ figures }) => figures), errors };
}

/** Cost of a signal from socket to COMMIT and back, relative to the database's own limit. */
export const signals: Benchmark = {
  name: 'signals',
  about: 'durable, acknowledged signals/s, compared with plain inserts in equal batches and with one transaction each',
  run: (options, say) => {
    const { DATABASE_URL: databaseUrl } = process.env;
    return runSignals({ ...options, databases: databaseUrl ? [databaseUrl, undefined] : [undefined] }, say);
  },
};
