import { figure, type Figure } from '../figure.ts';
import { startOwnServer } from '../own-server.ts';
import { median, percentile, sorted } from '../percentile.ts';
import { temporaryFolder } from '../server-process.ts';
import { emptyDatabase } from '../empty-database.ts';
import { SignalLoad, type SignalSample } from '../signals/signal-load.ts';

/** Signals that each student has on their way: rule S6. */
const WINDOW = 64;
const MODES = ['on', 'off'] as const;
type Mode = (typeof MODES)[number];

export interface OnAndOffPlan {
  readonly secs: number;
  readonly rounds: number;
  readonly sessions: number;
  /** Of a PostgreSQL where databases can be made; the embedded database without it. */
  readonly databaseUrl: string | undefined;
}

interface Side {
  readonly load: SignalLoad;
  stop(): Promise<void>;
}

async function openSide(mode: Mode, { databaseUrl, sessions }: OnAndOffPlan, say: (line: string) => void): Promise<Side> {
  const data = temporaryFolder();
  const database = databaseUrl === undefined ? undefined : await emptyDatabase(databaseUrl);
  const { server, admin } = await startOwnServer({
    env: { DATABASE_URL: database?.url, DATABASE_URL_FILE: undefined, DATA_DIR: data.path, PORT: '0', DRAIN_SECONDS: '0' },
    warn: (message) => say(`server, audit ${mode}: ${message}`),
    ...(mode === 'off' ? { entry: 'bench/audit/server-without-events-in-log.js' } : {}),
  });
  const load = await SignalLoad.prepare(server.url, admin, sessions, WINDOW);
  return {
    load,
    stop: async () => {
      load.close();
      await server.stop();
      await database?.drop();
      data.remove();
    },
  };
}

/** Durable signals a second of the whole server, with events in the audit log and without, in turns. */
export async function onAndOff(plan: OnAndOffPlan, say: (line: string) => void, errors: string[]): Promise<Figure[]> {
  const kind = plan.databaseUrl === undefined ? 'PGlite' : 'PostgreSQL';
  const sides = new Map<Mode, Side>();
  const samples: Record<Mode, SignalSample[]> = { on: [], off: [] };
  try {
    for (const mode of MODES) sides.set(mode, await openSide(mode, plan, say));
    for (const { load } of sides.values()) await load.run(Math.min(2, plan.secs));
    for (let round = 1; round <= plan.rounds; round++) {
      for (const mode of MODES) {
        const sample = await sides.get(mode)!.load.run(plan.secs);
        samples[mode].push(sample);
        say(`${round}/${plan.rounds} ${kind}, audit ${mode}: ${Math.round(sample.perSecond)} signals/s`);
      }
    }
    for (const [mode, { load }] of sides) errors.push(...load.errors.map((error) => `${kind}, audit ${mode}: ${error}`));
  } finally {
    for (const side of sides.values()) await side.stop();
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
