import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { facesOneEach } from '../frame-list.ts';
import { pause } from '../lean/stretch.ts';
import { watchOwnDelay } from '../own-delay.ts';
import { percentile, sorted } from '../../simulator/report/percentile.ts';
import { SeededServer } from '../seeded/server.ts';
import { table } from '../../simulator/report/table.ts';
import { AttackerProcess } from './attacker-process.ts';
import { ATTACKS } from './attacks/all.ts';
import { HonestStudents } from './honest.ts';
import type { Answers, AttackPlan } from './plan.ts';
import { seedAttacked } from './seed.ts';

const SECS = 20;
const STUDENTS = 24;
const ATTACKERS = 16;
const ENTRIES = 20_000;
const EVENTS = 12_000;
/** Time for the server to finish its start-up work and place the log's entries. */
const SETTLE_MS = 5000;
const PLACED_WITHIN_MS = 300_000;
/** Aftermath of an attack, excluded from the rest period. */
const CALM_MS = 1000;
/** Target: the 99th percentile during an attack, relative to rest. */
const GOAL = 3;

export interface AttackOptions extends Pick<BenchOptions, 'secs' | 'sessions' | 'frames' | 'limit'> {
  /** Names of attacks; default: all. */
  readonly only?: readonly string[] | undefined;
  readonly events?: number;
  readonly settleMs?: number;
  readonly calmMs?: number;
}

/** One attack, with the honest students' acknowledgement times during it. */
interface Attacked {
  readonly attack: string;
  readonly rest: readonly number[];
  readonly beside: readonly number[];
  /** Closed sockets and errors received by honest students. */
  readonly failures: number;
  readonly ownDelay: number;
  readonly answers: Answers;
}

const at = (values: readonly number[], p: number): number => percentile(sorted(values), p) ?? Number.NaN;

export async function runAttack(options: AttackOptions, say: (line: string) => void): Promise<BenchResult> {
  const {
    secs = SECS,
    sessions = STUDENTS,
    limit: entries = ENTRIES,
    events = EVENTS,
    only,
    settleMs = SETTLE_MS,
    calmMs = CALM_MS,
  } = options;
  const errors: string[] = [];
  const frames = await facesOneEach(options.frames, say);
  const { DATABASE_URL: databaseUrl } = process.env;
  say(`a log of ${entries} entries, and a session of ${events} events`);
  const { database, longSession } = await seedAttacked({
    databaseUrl,
    honest: sessions,
    attackers: ATTACKERS,
    entries,
    events,
  });
  let server: SeededServer | undefined;
  const all: Attacked[] = [];
  let [unacknowledged, missing] = [0, 0];
  const honest = new HonestStudents(database.students[0]!);
  try {
    server = await SeededServer.start(database, { say, errors });
    const plan: AttackPlan = {
      url: server.url,
      secs,
      admin: await server.token(database.admin, 'admin'),
      proctor: await server.token(database.exams[0]!.author, 'proctor'),
      students: await Promise.all(
        database.students[1]!.map(async (student) => ({
          token: await server!.token(student, 'student'),
          session: student.session,
        })),
      ),
      emails: database.students.flat().map(({ user }) => `${user}@example.org`),
      longSession,
    };
    await placed(plan);
    await honest.begin(server, frames.jpegs);
    await pause(settleMs);
    for (const attack of only ?? Object.keys(ATTACKS)) {
      const one = await beside(attack, { plan, honest, calmMs }, (why) => errors.push(why));
      all.push(one);
      say(
        `${attack}: p99 ${at(one.rest, 99).toFixed(1)} ms at rest, ${at(one.beside, 99).toFixed(1)} ms during it; ${one.failures} failures; ${JSON.stringify(one.answers)}`,
      );
    }
    unacknowledged = await honest.settle();
    const fresh = await server.token(database.exams[0]!.author, 'proctor');
    missing = await honest.missing(server.url, fresh);
  } finally {
    honest.close();
    await server?.stop();
    await database.remove();
  }
  errors.push(...honest.errors);
  if (unacknowledged > 0) errors.push(`${unacknowledged} signals were not acknowledged`);
  if (missing > 0) errors.push(`${missing} signals were acknowledged and are not stored`);
  const input = {
    seconds: secs,
    students: sessions,
    attackers: ATTACKERS,
    entries,
    events,
    database: databaseUrl === undefined ? 'PGlite' : 'PostgreSQL',
    goal: GOAL,
    frames: frames.about,
  };
  return {
    input,
    figures: [
      ...all.flatMap(figuresOf),
      figure('signals not acknowledged', unacknowledged, 'signals'),
      figure('signals acknowledged and not stored', missing, 'signals'),
    ],
    text: textOf(all),
    errors,
    more: { answers: Object.fromEntries(all.map(({ attack, answers }) => [attack, answers])) },
  };
}

/** Alternates rest and attack, as the load of the machine varies over time. */
async function beside(
  attack: string,
  { plan, honest, calmMs }: { readonly plan: AttackPlan; readonly honest: HonestStudents; readonly calmMs: number },
  failed: (why: string) => void,
): Promise<Attacked> {
  const attacker = await AttackerProcess.start();
  try {
    const failures = honest.failures;
    const halfMs = (plan.secs * 1000) / 2;
    honest.take();
    await pause(halfMs);
    const before = honest.take();
    const delay = watchOwnDelay();
    const answers = await attacker.run(attack, plan, failed);
    const ownDelay = delay();
    const during = honest.take();
    await pause(calmMs);
    honest.take();
    await pause(halfMs);
    return {
      attack,
      rest: [...before, ...honest.take()],
      beside: during,
      failures: honest.failures - failures,
      ownDelay,
      answers,
    };
  } finally {
    attacker.stop();
  }
}

/** Resolves when all seeded log entries are in the tree. */
async function placed({ url, admin }: AttackPlan): Promise<void> {
  for (const until = performance.now() + PLACED_WITHIN_MS; ;) {
    const response = await fetch(new URL('/api/blockchain/summary', url), {
      headers: { authorization: `Bearer ${admin}` },
    });
    const { entries, placed: leaves } = (await response.json()) as { entries: number; placed: number };
    if (leaves >= entries) return;
    if (performance.now() > until) throw new Error(`only ${leaves} of ${entries} entries are in the tree`);
    await pause(500);
  }
}

function figuresOf({ attack, rest, beside: during, failures, ownDelay }: Attacked): Figure[] {
  return [
    figure(`${attack}: send to acknowledgement at rest, p50`, at(rest, 50), 'ms'),
    figure(`${attack}: send to acknowledgement at rest, p99`, at(rest, 99), 'ms'),
    figure(`${attack}: send to acknowledgement, p50`, at(during, 50), 'ms'),
    figure(`${attack}: send to acknowledgement, p99`, at(during, 99), 'ms'),
    figure(`${attack}: p99 beside at rest`, at(during, 99) / at(rest, 99), 'x'),
    figure(`${attack}: sockets closed and errors told`, failures, ''),
    figure(`${attack}: own delay, p99`, ownDelay, 'ms'),
  ];
}

const rounded = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(3)) : null);

const textOf = (all: readonly Attacked[]): string =>
  table(
    ['attack', 'rest p50', 'rest p99', 'beside p50', 'beside p99', 'x', 'failures', 'own delay', 'answers'],
    all.map(({ attack, rest, beside: during, failures, ownDelay, answers }) => [
      attack,
      rounded(at(rest, 50)),
      rounded(at(rest, 99)),
      rounded(at(during, 50)),
      rounded(at(during, 99)),
      rounded(at(during, 99) / at(rest, 99)),
      failures,
      rounded(ownDelay),
      Object.entries(answers)
        .slice(0, 4)
        .map(([what, count]) => `${what}: ${count}`)
        .join(', '),
    ]),
  );

/** Acknowledgement times of honest students while the server is under attack. */
export const attack: Benchmark = {
  name: 'attack',
  about:
    'signal acknowledgements of honest students at rest and during each of 16 attacks, with losses and closed sockets',
  ownOptions: { only: '  --only A,B     names of the attacks to run' },
  run: ({ own, ...options }, say) => runAttack({ ...options, only: own?.['only']?.split(',') }, say),
};
