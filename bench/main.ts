import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { accuracy } from './accuracy/accuracy.ts';
import { attack } from './attack/attack.ts';
import { audit } from './audit/audit.ts';
import type { Benchmark } from './benchmark.ts';
import { capacity } from './capacity/capacity.ts';
import { ceiling } from './ceiling.ts';
import { cheatsBenchmark } from './cheats/cheats-benchmark.ts';
import { cheatsSeen } from './cheats/seen/seen-benchmark.ts';
import { consoleFanOut } from './console/console.ts';
import { staff } from './staff/staff.ts';
import { examPage } from './exam-page.ts';
import { connections } from './connections/connections.ts';
import { http } from './http/http.ts';
import { imports } from './imports.ts';
import { leave } from '../simulator/server/leaving.ts';
import { lists } from './lists/lists.ts';
import { load } from './load/load.ts';
import { describeMachine } from '../simulator/report/machine.ts';
import { overload } from './overload/overload.ts';
import { peer } from './peer/peer.ts';
import { rules } from './rules.ts';
import { signals } from './signals/signals.ts';
import { numberOption, UsageError } from '../simulator/options.ts';
import { stream } from './stream/stream.ts';
import { figureTable } from '../simulator/report/table.ts';

/** `npm run bench -- NAME`: runs one benchmark. The table goes to stdout, progress to stderr. */

const BENCHMARKS: readonly Benchmark[] = [
  ceiling,
  stream,
  peer,
  overload,
  connections,
  signals,
  consoleFanOut,
  staff,
  accuracy,
  http,
  audit,
  attack,
  examPage,
  capacity,
  lists,
  imports,
  cheatsBenchmark,
  cheatsSeen,
  load,
  rules,
];

const USAGE = `usage: npm run bench -- NAME [--secs S] [--json FILE] [--frames DIR] [--sessions N] [--fps F] [--data DIR] [--limit N]
       [--rounds N] [--peer URL|DIR] [--peer-pid PID]

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(11)} ${about}`).join('\n')}

  --secs S       duration of each measurement, seconds
  --frames DIR   JPEG files to use instead of drawn ones
  --sessions N   number of concurrent sessions. stream: compared with one; overload: in the closed loop that measures the
                 capacity; connections: number of sockets; also peer, http, audit, signals, console
  --fps F        rate per student. stream: frames/s in the open loop; overload, connections: frames/s of the policy;
                 console: events/s in the open loop
  --data DIR     accuracy: folder of labelled images, labels.jsonl and its files
  --limit N      accuracy: at most N images of the folder and about as many drawn ones, for a quick run
  --rounds N     repetitions of each measurement; the median is reported
  --peer WHERE   peer, http: URL of the peer, or its folder with run.sh, to be started and stopped
  --peer-pid PID process of the peer, if given by URL
  --json FILE    writes machine, versions, inputs and all figures with units
${BENCHMARKS.map(({ name, ownArguments, ownOptions = {} }) => (Object.keys(ownOptions).length === 0 ? '' : `\n${name} alone:\n${[...(ownArguments === undefined ? [] : [ownArguments]), ...Object.values(ownOptions)].join('\n')}\n`)).join('')}`;

/** Options of a single benchmark: passed as text, parsed by it. */
const OWN_OPTIONS: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
  BENCHMARKS.flatMap(({ ownOptions = {} }) => Object.keys(ownOptions)).map((name) => [name, { type: 'string' }]),
);

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        secs: { type: 'string' },
        json: { type: 'string' },
        frames: { type: 'string' },
        sessions: { type: 'string' },
        fps: { type: 'string' },
        data: { type: 'string' },
        limit: { type: 'string' },
        rounds: { type: 'string' },
        peer: { type: 'string' },
        'peer-pid': { type: 'string' },
        help: { type: 'boolean', default: false },
        ...OWN_OPTIONS,
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

let running: Benchmark | undefined;
const stop = new AbortController();

/** @returns the exit code */
async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [name, ...rest] = positionals;
  const benchmark = BENCHMARKS.find((candidate) => candidate.name === name);
  if (!benchmark || (rest.length > 0 && benchmark.ownArguments === undefined))
    throw new UsageError(name ? `no benchmark named ${positionals.join(' ')}` : 'name of a benchmark required');
  const given: Readonly<Record<string, string | boolean | undefined>> = values;
  const own = Object.fromEntries(
    Object.keys(OWN_OPTIONS).flatMap((option) =>
      given[option] === undefined ? [] : [[option, String(given[option])]],
    ),
  );
  for (const option of Object.keys(own))
    if (!(option in (benchmark.ownOptions ?? {}))) throw new UsageError(`${benchmark.name} takes no --${option}`);
  running = benchmark;
  const optional = (
    option: 'secs' | 'sessions' | 'fps' | 'limit' | 'rounds' | 'peer-pid',
    bounds: Parameters<typeof numberOption>[2],
  ) => (values[option] === undefined ? undefined : numberOption(option, values[option], bounds));
  const {
    input,
    figures,
    text,
    errors,
    ok = true,
    more,
  } = await benchmark.run(
    {
      secs: optional('secs', { min: 0.1, max: 3600 }),
      frames: values.frames,
      sessions: optional('sessions', { min: 1, max: 10_000, whole: true }),
      fps: optional('fps', { min: 0.1, max: 15 }),
      data: values.data,
      limit: optional('limit', { min: 1, max: 1_000_000, whole: true }),
      rounds: optional('rounds', { min: 1, max: 1000, whole: true }),
      peer: values.peer,
      peerPid: optional('peer-pid', { min: 1, max: 4_194_304, whole: true }),
      args: rest,
      own,
      stop: stop.signal,
    },
    say,
  );
  process.stdout.write(`\n${text ?? figureTable(figures)}\n`);
  for (const error of errors) say(`error: ${error}`);
  const report = {
    kind: 'bench',
    name: benchmark.name,
    at: new Date().toISOString(),
    machine: describeMachine(),
    input,
    figures,
    ...more,
    errors,
  };
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  return errors.length === 0 && ok ? 0 : 1;
}

/** npm forwards a signal that the terminal has already sent to the whole group: not a second key press, ms. */
const SAME_PRESS_MS = 500;

// Databases are closed first, then a normal exit removes servers and folders of a benchmark. A second signal exits at
// once.
let isLeaving = false;
let signalledAt = Number.NEGATIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    const isSamePress = performance.now() - signalledAt < SAME_PRESS_MS;
    signalledAt = performance.now();
    if (isSamePress) return;
    if (running?.stopsEarly && !stop.signal.aborted) {
      say('\nending early with the measurements so far; press again to exit at once');
      return stop.abort();
    }
    if (isLeaving) process.exit(130);
    isLeaving = true;
    void leave().then(() => process.exit(130));
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`bench: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError) say(`\n${USAGE}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
