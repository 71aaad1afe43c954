import { figure, type Figure } from '../../simulator/report/figure.ts';
import { median, percentile, sorted } from '../../simulator/report/percentile.ts';
import { type SeededDatabase, seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { signalLoad, type SignalSample } from '../signals/signal-load.ts';

const MODES = ['on', 'off'] as const;
type Mode = (typeof MODES)[number];

export interface OnAndOffPlan {
  readonly secs: number;
  readonly rounds: number;
  readonly sessions: number;
  /** URL of a PostgreSQL server where databases can be created; default: the embedded database. */
  readonly databaseUrl: string | undefined;
}

interface Side {
  readonly database: SeededDatabase;
  readonly server: SeededServer;
}

async function openSide(
  mode: Mode,
  { databaseUrl, sessions }: OnAndOffPlan,
  say: (line: string) => void,
  errors: string[],
): Promise<Side> {
  const database = await seedDatabase(databaseUrl, [{ students: sessions, policy: {} }]);
  try {
    const entry = mode === 'off' ? 'bench/audit/server-without-events-in-log' : undefined;
    return {
      database,
      server: await SeededServer.start(database, { entry, say: (line) => say(`audit ${mode}: ${line}`), errors }),
    };
  } catch (error) {
    await database.remove();
    throw error;
  }
}

/** Durable signals per second of the whole server, with and without events in the audit log, alternating. */
export async function onAndOff(plan: OnAndOffPlan, say: (line: string) => void, errors: string[]): Promise<Figure[]> {
  const kind = plan.databaseUrl === undefined ? 'PGlite' : 'PostgreSQL';
  const sides = new Map<Mode, Side>();
  const samples: Record<Mode, SignalSample[]> = { on: [], off: [] };
  const load = ({ server, database }: Side, mode: Mode, secs: number) =>
    signalLoad(server, database.students[0]!, secs, (error) => errors.push(`${kind}, audit ${mode}: ${error}`));
  try {
    for (const mode of MODES) sides.set(mode, await openSide(mode, plan, say, errors));
    for (const [mode, side] of sides) await load(side, mode, Math.min(2, plan.secs));
    for (let round = 1; round <= plan.rounds; round++) {
      for (const [mode, side] of sides) {
        const sample = await load(side, mode, plan.secs);
        samples[mode].push(sample);
        say(`${round}/${plan.rounds} ${kind}, audit ${mode}: ${Math.round(sample.perSecond)} signals/s`);
      }
    }
  } finally {
    for (const { server, database } of sides.values()) {
      await server.stop();
      await database.remove();
    }
  }
  const rate = (mode: Mode) => median(samples[mode].map(({ perSecond }) => perSecond)) ?? Number.NaN;
  const p99 = (mode: Mode) => percentile(sorted(samples[mode].flatMap(({ latencies }) => latencies)), 99);
  return [
    ...MODES.flatMap((mode) => [
      figure(`${kind}, audit ${mode}`, rate(mode), 'durable signals/s'),
      figure(`${kind}, audit ${mode}, p99 from send to acknowledgement`, p99(mode), 'ms'),
    ]),
    figure(`${kind}, on beside off`, rate('on') / rate('off'), 'x'),
  ];
}
