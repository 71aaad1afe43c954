import type { Browser } from 'playwright-core';
import { Api } from '../../simulator/api.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { spread } from '../../simulator/report/percentile.ts';
import type { Benchmark, BenchResult } from '../benchmark.ts';
import { seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { actFor } from './acts.ts';
import { Asking } from './asking.ts';
import { Person } from './person.ts';
import { lacking, readTruth } from './truth.ts';
import { openWall } from './wall.ts';

const SECS = 20;
const SESSIONS = 500;
const STAFF = 20;
/** One act a person in this time, ms: a busy room. */
const EVERY_MS = 2000;
/** Students who write to staff, each at this interval, ms. */
const ASKING = 40;
const ASKS_EVERY_MS = 5000;
const SEED = 20;
const PASSWORD = 'a password to measure with';
/** Missing pictures must open no incident. */
const NO_FRAME_S = 3600;
/** Scripting of the page, % of a core. */
const BOUND = 10;

interface StaffPlan {
  readonly secs: number;
  readonly sessions: number;
  readonly staff: number;
}

/** Marks, claims, notes and messages of many staff and students at once, on all consoles and on one page. */
export async function runStaff(
  { secs, sessions: count, staff }: StaffPlan,
  say: (line: string) => void,
): Promise<BenchResult> {
  const errors: string[] = [];
  const database = await seedDatabase(process.env['DATABASE_URL'], [
    { students: count, policy: { holds: { noFrame: NO_FRAME_S } } },
  ]);
  let server: SeededServer | undefined;
  let browser: Browser | undefined;
  const people: Person[] = [];
  let asking: Asking | undefined;
  try {
    server = await SeededServer.start(database, { env: { VISION: 'off' }, say, errors });
    const admin = new Api(server.url, await server.token(database.admin, 'admin'));
    for (let n = 1; n <= staff; n++) {
      const email = `staff-${n}@example.org`;
      await admin.createUser({ email, password: PASSWORD, name: `Staff ${n}`, role: 'proctor' });
      people.push(await Person.login(server.url, email, PASSWORD));
    }
    const exam = database.exams[0]!.id;
    const failed = (reason: string) => void errors.push(reason);
    for (const person of people) await person.watch(exam, failed);
    const first = { email: 'staff-1@example.org', password: PASSWORD };
    const wall = await openWall(server.url, exam, count, first, say);
    browser = wall?.browser;
    const students = database.students[0]!;
    asking = await Asking.connect(server, students.slice(0, ASKING), failed);
    const sessions = students.map(({ session }) => session);
    say(`${staff} staff on ${count} sessions, ${secs} s`);
    const before = await wall?.measure();
    const cpu = server.cpu();
    const from = performance.now();
    const [acts, asked] = await Promise.all([
      actFor(people, sessions, { secs, everyMs: EVERY_MS, seed: SEED }),
      asking.askFor(secs, ASKS_EVERY_MS),
    ]);
    const seconds = (performance.now() - from) / 1000;
    const main = (server.cpu().main - cpu.main) / seconds / 10;
    const after = await wall?.measure();
    errors.push(...acts.faults);

    const late = await Person.login(server.url, first.email, PASSWORD);
    const truth = await readTruth(late, people, exam, sessions, failed);
    const notes = acts.notes - [...truth.teams.values()].reduce((sum, team) => sum + team.notes, 0);
    const messages = acts.messages - truth.byStaff + (asked - truth.byStudents) + asking.unacknowledged;
    const lacks = await lacking(people, truth);
    const wrong = wall ? await wall.wrong(truth) : null;
    const share = before && after ? ((after.script - before.script) / seconds) * 100 : null;
    const { p50, p99 } = spread(acts.latencies);
    const figures: Figure[] = [
      figure('acts', acts.done / seconds, 'acts/s'),
      figure('refused, somebody else was first', acts.crossed, 'acts'),
      figure('act to answer, p50', p50, 'ms'),
      figure('act to answer, p99', p99, 'ms'),
      figure('messages of students', asked / seconds, 'messages/s'),
      figure('messages of staff', acts.messages / seconds, 'messages/s'),
      figure('team states told to all consoles', people.reduce((sum, { told }) => sum + told, 0) / seconds, 'states/s'),
      figure('notes lost', notes, 'notes'),
      figure('messages lost', messages, 'messages'),
      figure('sessions whose last state a console lacks', lacks.sessions, 'sessions'),
      figure('messages that a console lacks', lacks.messages, 'messages'),
      figure('tiles of the page that differ', wrong, 'tiles'),
      figure('scripting in the page', share, '% of a core'),
      figure('processor, main process', main, '% of a core'),
    ];
    const faults = [notes, messages, lacks.sessions, lacks.messages, wrong ?? 0];
    const ok = faults.every((fault) => fault === 0) && (share ?? 0) <= BOUND;
    const input = { seconds: secs, sessions: count, staff, everyMs: EVERY_MS, asksEveryMs: ASKS_EVERY_MS, seed: SEED };
    return { input, figures, errors, ok: ok && errors.length === 0 };
  } finally {
    for (const person of people) person.close();
    asking?.close();
    await browser?.close();
    await server?.stop();
    await database.remove();
  }
}

export const staff: Benchmark = {
  name: 'staff',
  about: `marks, claims, notes and messages of ${STAFF} staff on ${SESSIONS} sessions: nothing lost, scripting in the page`,
  run: ({ secs = SECS, sessions = SESSIONS }, say) => runStaff({ secs, sessions, staff: STAFF }, say),
};
