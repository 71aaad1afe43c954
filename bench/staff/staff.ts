import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Team } from '../../protocol/team.ts';
import { Api } from '../../simulator/api.ts';
import { type Figure, figure } from '../../simulator/report/figure.ts';
import { spread } from '../../simulator/report/percentile.ts';
import type { Benchmark, BenchResult } from '../benchmark.ts';
import { pause } from '../lean/stretch.ts';
import { seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { actFor } from './acts.ts';
import { Person } from './person.ts';

const SECS = 20;
const SESSIONS = 500;
const STAFF = 20;
/** One act a person in this time, ms: a busy room. */
const EVERY_MS = 2000;
const SEED = 20;
const PASSWORD = 'a password to measure with';
const CHROMIUM = '/usr/bin/chromium';
/** The wall settles, ms. */
const WARM_UP_MS = 3000;
/** Until the last update has arrived, ms. */
const SETTLE_MS = 30_000;
/** Missing pictures must open no incident. */
const NO_FRAME_S = 3600;
/** Scripting of the page, % of a core. */
const BOUND = 10;

interface StaffPlan {
  readonly secs: number;
  readonly sessions: number;
  readonly staff: number;
}

/** Marks, claims and notes of many staff at once, on all consoles and on one page. */
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
  try {
    server = await SeededServer.start(database, { env: { VISION: 'off' }, say, errors });
    const admin = new Api(server.url, await server.token(database.admin, 'admin'));
    for (let n = 1; n <= staff; n++) {
      const email = `staff-${n}@example.org`;
      await admin.createUser({ email, password: PASSWORD, name: `Staff ${n}`, role: 'proctor' });
      people.push(await Person.login(server.url, email, PASSWORD));
    }
    const exam = database.exams[0]!.id;
    for (const person of people) await person.watch(exam, (reason) => errors.push(reason));
    const wall = await openWall(server.url, exam, count, say);
    browser = wall?.browser;
    const sessions = database.students[0]!.map(({ session }) => session);
    say(`${staff} staff on ${count} sessions, ${secs} s`);
    const before = await wall?.measure();
    const cpu = server.cpu();
    const from = performance.now();
    const acts = await actFor(people, sessions, { secs, everyMs: EVERY_MS, seed: SEED });
    const seconds = (performance.now() - from) / 1000;
    const main = (server.cpu().main - cpu.main) / seconds / 10;
    const after = await wall?.measure();
    errors.push(...acts.faults);

    const truth = await readTruth(server.url, exam, errors);
    const notes = [...truth.values()].reduce((sum, team) => sum + team.notes, 0);
    const behind = await settled(people, truth);
    const wrong = wall ? await wall.wrong(truth) : null;
    const share = before && after ? ((after.script - before.script) / seconds) * 100 : null;
    const { p50, p99 } = spread(acts.latencies);
    const figures: Figure[] = [
      figure('acts', acts.done / seconds, 'acts/s'),
      figure('refused, somebody else was first', acts.crossed, 'acts'),
      figure('act to answer, p50', p50, 'ms'),
      figure('act to answer, p99', p99, 'ms'),
      figure('messages to all consoles', people.reduce((sum, { told }) => sum + told, 0) / seconds, 'messages/s'),
      figure('notes lost', acts.notes - notes, 'notes'),
      figure('sessions whose last state a console lacks', behind, 'sessions'),
      figure('tiles of the page that differ', wrong, 'tiles'),
      figure('scripting in the page', share, '% of a core'),
      figure('processor, main process', main, '% of a core'),
    ];
    const ok = acts.notes === notes && behind === 0 && (wrong ?? 0) === 0 && (share ?? 0) <= BOUND;
    const input = { seconds: secs, sessions: count, staff, everyMs: EVERY_MS, seed: SEED };
    return { input, figures, errors, ok: ok && errors.length === 0 };
  } finally {
    for (const person of people) person.close();
    await browser?.close();
    await server?.stop();
    await database.remove();
  }
}

/** The states as a console that comes now is told. */
async function readTruth(server: string, exam: string, errors: string[]): Promise<ReadonlyMap<string, Team>> {
  const late = await Person.login(server, 'staff-1@example.org', PASSWORD);
  await late.watch(exam, (reason) => errors.push(reason));
  const until = performance.now() + SETTLE_MS;
  while (late.told === 0 && performance.now() < until) await pause(50);
  late.close();
  return late.teams;
}

/** @returns sessions of which a console lacks the last state when time is up */
async function settled(people: readonly Person[], truth: ReadonlyMap<string, Team>): Promise<number> {
  const lacks = () =>
    people.reduce(
      (sum, { teams }) => sum + [...truth].filter(([id, team]) => !isDeepStrictEqual(teams.get(id), team)).length,
      0,
    );
  const until = performance.now() + SETTLE_MS;
  while (lacks() > 0 && performance.now() < until) await pause(100);
  return lacks();
}

interface Wall {
  readonly browser: Browser;
  /** Seconds of scripting so far. */
  measure(): Promise<{ readonly script: number }>;
  /** Tiles on the page that show another holder or number of notes. */
  wrong(truth: ReadonlyMap<string, Team>): Promise<number>;
}

/** The wall of the exam in a browser; undefined where there is none. */
async function openWall(
  server: string,
  exam: string,
  sessions: number,
  say: (line: string) => void,
): Promise<Wall | undefined> {
  const path = process.env['CHROMIUM'] ?? CHROMIUM;
  if (!existsSync(path)) {
    say(`no browser at ${path}: scripting is not measured`);
    return undefined;
  }
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${server}/console#/exam/${exam}`);
  await page.getByLabel('Email').fill('staff-1@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page
    .locator('.tile')
    .nth(Math.min(sessions, 60) - 1)
    .waitFor({ state: 'attached', timeout: 120_000 });
  await pause(WARM_UP_MS);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  return { browser, measure: () => measure(cdp), wrong: (truth) => wrongTiles(page, truth) };
}

async function measure(cdp: CDPSession): Promise<{ script: number }> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return { script: metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0 };
}

async function wrongTiles(page: Page, truth: ReadonlyMap<string, Team>): Promise<number> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const tiles: { id: string; claimed: boolean; seen: boolean; notes: string }[] = await page.evaluate(`
      [...document.querySelectorAll('.tile[data-session]')].map((tile) => ({
        id: tile.dataset.session,
        claimed: tile.querySelector('.team-mark.claim, .team-mark.mine') !== null,
        seen: tile.querySelector('.team-mark.seen') !== null,
        notes: tile.querySelector('.team-mark.notes [aria-hidden]')?.textContent.match(/[0-9]+/)?.[0] ?? '0',
      }))`);
    const wrong = tiles.filter(({ id, claimed, seen, notes }) => {
      const team = truth.get(id);
      return claimed !== Boolean(team?.claim) || seen !== Boolean(team?.seen) || Number(notes) !== (team?.notes ?? 0);
    }).length;
    if (wrong === 0 || performance.now() > until) return tiles.length === 0 ? 1 : wrong;
    await pause(100);
  }
}

export const staff: Benchmark = {
  name: 'staff',
  about: `marks, claims and notes of ${STAFF} staff on ${SESSIONS} sessions: nothing lost, scripting in the page`,
  run: ({ secs = SECS, sessions = SESSIONS }, say) => runStaff({ secs, sessions, staff: STAFF }, say),
};
