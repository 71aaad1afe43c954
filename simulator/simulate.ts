import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { figure } from './report/figure.ts';
import { describeMachine } from './report/machine.ts';
import { ServerWatch } from './server/server-watch.ts';
import { checkStore } from './check.ts';
import { Crowd, newRunName } from './crowd.ts';
import { examFor, findServer, type Terminal } from './exam.ts';
import { openFrames } from './frame-source.ts';
import { measure, serverFigures, tallyFigures, windowFigures } from './measure.ts';
import { readOptions, type SimulateOptions, USAGE, UsageError } from './options.ts';
import { showProgress } from './progress.ts';
import { judge } from './verdict.ts';
import { figureTable, table } from './report/table.ts';

/** `npm run simulate`: students against a running server. The report goes to stdout, progress to stderr. */

const terminal: Terminal = {
  isTTY: process.stdin.isTTY && process.stderr.isTTY,
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return (await lines.question(question)).trim();
    } finally {
      lines.close();
    }
  },
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @returns the exit code */
async function simulate(options: SimulateOptions): Promise<number> {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    say('stopping; press Ctrl-C again to end at once');
    stop.abort();
    process.once('SIGINT', () => process.exit(130));
  });

  const server = await findServer(options.url);
  const exam = await examFor(options, process.env, terminal);
  const frames = await openFrames(options, say).complete;
  const run = options.run ?? newRunName();
  const crowd = new Crowd({
    server: options.url,
    students: options.students,
    frames,
    script: options.script,
    maxFps: options.fps,
    run,
    password: process.env['INVIGIL_STUDENT_PASSWORD'] || undefined,
  });

  let told = performance.now();
  await crowd.prepare(exam, (done) => {
    if (done < options.students && performance.now() - told < 2000) return;
    told = performance.now();
    say(`accounts and sessions: ${done} of ${options.students}`);
  });

  const quiet = showProgress(crowd.tally, options.students, undefined, say);
  await crowd.connect(options.ramp * 1000, stop.signal);
  quiet();
  say(`ramp-up done: ${crowd.tally.live} of ${options.students} live`);

  const watch = options.serverPid === undefined ? undefined : new ServerWatch(options.serverPid);
  const endProgress = showProgress(crowd.tally, options.students, watch, say);
  const window = await measure(crowd, options.seconds, watch, stop.signal);
  watch?.stop();
  const handIn = performance.now();
  await crowd.finish();
  endProgress();
  const handedIn = (performance.now() - handIn) / 1000;
  crowd.close();

  if (options.check) say('verifying the stored events');
  const store = options.check ? await checkStore(crowd.students) : undefined;
  const { tally } = crowd;
  const checks = judge({ tally, students: options.students, tolerateDrops: options.tolerateDrops, store, watch });
  const ok = checks.every((check) => check.ok);
  const figures = [
    ...windowFigures(window),
    ...tallyFigures(crowd),
    ...(store ? [figure('signals stored', store.stored, 'signals')] : []),
    figure('handing in, until the last end', handedIn, 's'),
    ...serverFigures(window, watch),
  ];
  const counts = (map: ReadonlyMap<string, number>) =>
    Object.fromEntries([...map].sort(([a], [b]) => a.localeCompare(b)));
  const { admin: _admin, passwordFile: _file, json, help: _help, ...input } = options;
  const report = {
    kind: 'simulate',
    at: new Date().toISOString(),
    machine: describeMachine(),
    server,
    input: { ...input, run, exam, frames: frames.about, meanFrameBytes: frames.meanBytes },
    figures,
    events: counts(tally.events),
    drops: counts(tally.drops),
    failedAttempts: counts(tally.failedAttempts),
    errors: counts(tally.errors),
    firstErrors: Object.fromEntries(tally.firstErrors),
    checks,
    ok,
  };

  const countTable = (what: string, map: ReadonlyMap<string, number>) =>
    map.size === 0 ? [] : [table([what, 'count'], Object.entries(counts(map)))];
  const parts = [
    figureTable(figures),
    ...countTable('events shown to students', tally.events),
    ...countTable('close codes of connections that ended by themselves', tally.drops),
    ...countTable('attempts to connect that failed', tally.failedAttempts),
    ...countTable('errors', tally.errors),
    ...[...tally.firstErrors].map(([code, message]) => `first ${code}: ${message}`),
    table(
      ['check', 'result', 'found'],
      checks.map((check) => [check.name, check.ok ? 'ok' : 'FAILED', check.found]),
    ),
  ];
  process.stdout.write(`\n${parts.join('\n\n')}\n`);
  if (json) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  return ok ? 0 : 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else process.exitCode = await simulate(options);
} catch (error) {
  say(`simulate: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError) say('--help lists the options');
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
