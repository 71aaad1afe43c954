import { open, writeFile } from 'node:fs/promises';
import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { makeRoom } from '../connections/open-files.ts';
import { undoWhenLeaving } from '../../simulator/server/leaving.ts';
import { describeMachine } from '../../simulator/report/machine.ts';
import type { Api } from '../../simulator/api.ts';
import { type Crowd, newRunName } from '../../simulator/crowd.ts';
import { adminOf } from '../../simulator/exam.ts';
import { openFrames } from '../../simulator/frame-source.ts';
import { UsageError } from '../../simulator/options.ts';
import { showProgress } from '../../simulator/progress.ts';
import { Belongings } from './accounts.ts';
import { LiveLine } from './live-line.ts';
import { LOAD_OPTIONS, type LoadPlan, readPlan } from './options.ts';
import { mergeLoads } from './merge.ts';
import { pageOf } from './page/page.ts';
import { type LoadPart, partOf, readParts } from './part.ts';
import { askServer, checkAdmin } from './preflight.ts';
import { type LoadReport, loadCounts, loadFigures, loadText, rowsOf, SERIES_UNITS } from './report.ts';
import { advices, type LoadRun, runLoad } from './run.ts';
import { type Evidence as LoadEvidence, judgeLoad } from './verdict.ts';

/** Margin for creating accounts before the run and for cleanup, ms. */
const TIDYING_MS = 60_000;

const NEVER = new AbortController().signal;

/** Load test for operators on the day before an exam. */
export const load: Benchmark = {
  name: 'load',
  about:
    'load test of a running server, given its URL and an admin: its capacity for a number of students, and the limiting component',
  ownOptions: LOAD_OPTIONS,
  ownArguments: '  merge FILES    adds up the --json files of runs at the same time on several machines',
  stopsEarly: true,
  run: async (options, say) => {
    const [command, ...files] = options.args ?? [];
    if (command === undefined) return runAll(options, say, process.env);
    if (command !== 'merge') throw new UsageError(`load takes no argument ${command}`);
    return mergeLoads(await readParts(files));
  },
};

/** @throws Error if there is nothing to test, UsageError for invalid options */
export async function runAll(
  options: BenchOptions,
  say: (line: string) => void,
  env: NodeJS.ProcessEnv,
): Promise<BenchResult> {
  const plan = readPlan(options);
  const stop = options.stop ?? NEVER;
  const at = new Date().toISOString();
  const server = await askServer(plan.url);
  const token = env['INVIGIL_ADMIN_TOKEN'] || undefined;
  const admin = await adminOf(plan, token);
  await checkAdmin(admin);
  if (lastsTooShort(admin, plan))
    say(
      'the token expires before the run ends: the exam and the accounts will remain. An account (--admin, --password-file) renews its own',
    );
  // Fails now rather than when the report would be lost.
  if (plan.html !== undefined) await (await open(plan.html, 'a')).close();
  const noRoom = makeRoom(plan.students);
  if (noRoom !== undefined) throw new Error(noRoom);
  const frames = await Promise.race([openFrames(plan, say).complete, aborted(stop)]);
  if (!frames) throw new Error('ended before anything was created on the server');

  const run = newRunName();
  const belongings = new Belongings(admin, run);
  let left: string[] = [];
  const remove = undoWhenLeaving(async () => {
    say('tidying up');
    left = await belongings.remove();
    if (plan.admin) await admin.logout().catch(() => {});
  });
  try {
    const live = new LiveLine(say);
    const follow = (crowd: Crowd) => {
      const end = showProgress(crowd.tally, plan.students, undefined, (line) => live.show(line));
      return () => {
        end();
        live.end();
      };
    };
    const done = await runLoad({ plan, run, admin, frames, belongings, stop, say: (line) => live.say(line), follow });
    await remove();
    const { tokenFile: _file, passwordFile: _password, admin: _admin, html, ...input } = plan;
    const evidence = evidenceOf(done, plan, server);
    const report = reportOf(done, evidence, {
      url: plan.url,
      at,
      server,
      left,
      input: { ...input, run, pictures: frames.about, meanFrameBytes: frames.meanBytes },
    });
    if (html !== undefined) await writeFile(html, pageOf(report));
    return resultOf(report, partOf(evidence, { run, url: plan.url }));
  } catch (error) {
    await remove();
    for (const line of left) say(`left behind: ${line}`);
    throw error;
  }
}

const lastsTooShort = (admin: Api, { ramp, secs }: LoadPlan): boolean =>
  admin.endsAt !== undefined && admin.endsAt < Date.now() + (ramp + secs) * 1000 + TIDYING_MS;

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

interface Around {
  readonly url: string;
  readonly at: string;
  readonly server: Readonly<Record<string, unknown>>;
  readonly left: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
}

function evidenceOf(
  run: LoadRun,
  { students, fps }: LoadPlan,
  server: Readonly<Record<string, unknown>>,
): LoadEvidence {
  const { crowd, window, marks, span } = run;
  const inWindow = run.points.filter(
    ({ t }) =>
      marks.ramped !== null &&
      marks.measured !== null &&
      t > marks.ramped + run.step / 2 &&
      t <= marks.measured + run.step / 2,
  );
  const restarts =
    (run.server.last?.sum('invigil_inference_restarts_total') ?? 0) -
    (run.server.first?.sum('invigil_inference_restarts_total') ?? 0);
  const visionOff = server['vision'] === 'off' ? ((server['visionReason'] as string | undefined) ?? 'off') : undefined;
  return {
    students,
    fps,
    tally: crowd.tally,
    window,
    points: inWindow,
    span,
    rateBefore: run.server.first?.sum('invigil_rate_scale') ?? 1,
    hostRestarts: restarts,
    advice: advices(crowd, run.server),
    visionOff,
  };
}

function reportOf(run: LoadRun, evidence: LoadEvidence, { url, at, server, left, input }: Around): LoadReport {
  const { crowd, marks } = run;
  return {
    at,
    url,
    server,
    machine: describeMachine(),
    input,
    verdict: judgeLoad(evidence),
    endedEarly: run.endedEarly,
    figures: loadFigures(run),
    step: run.step,
    marks,
    points: run.points,
    serverRows: rowsOf(run),
    serverProblem: run.server.problem,
    counts: loadCounts(crowd),
    firstErrors: Object.fromEntries(crowd.tally.firstErrors),
    leftBehind: left,
  };
}

function resultOf(report: LoadReport, part: LoadPart): BenchResult {
  const {
    input,
    figures,
    verdict,
    server,
    endedEarly,
    step,
    marks,
    points,
    serverRows,
    counts,
    firstErrors,
    leftBehind,
  } = report;
  return {
    input,
    figures,
    text: loadText(report),
    errors: [],
    ok: verdict.ok,
    more: {
      server,
      verdict,
      endedEarly,
      series: { step, marks, units: SERIES_UNITS, points },
      serverFigures: serverRows,
      counts,
      firstErrors,
      leftBehind,
      part,
    },
  };
}
