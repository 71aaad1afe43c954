import { type Figure, figure } from '../../simulator/report/figure.ts';
import { Latencies } from '../../simulator/latencies.ts';
import { type Window, windowFigures } from '../../simulator/measure.ts';
import { UsageError } from '../../simulator/options.ts';
import { table } from '../../simulator/report/table.ts';
import type { TallyTotals } from '../../simulator/tally.ts';
import type { BenchResult } from '../benchmark.ts';
import type { LoadPart } from './part.ts';
import type { ServerSpan } from './server-figures.ts';
import { judgeLoad, type Verdict } from './verdict.ts';

/** Least share of the shortest measured period in which all machines measured. */
const LEAST_COMMON = 0.5;

/**
 * One result of runs on several machines at the same time: counts are added up, and percentiles are those of all values.
 * @throws UsageError if the parts are not of one load
 */
export function mergeLoads(parts: readonly LoadPart[]): BenchResult {
  checkOneLoad(parts);
  const window = mergedWindow(parts);
  const students = parts.reduce((sum, part) => sum + part.students, 0);
  const verdict = withCommonTime(
    parts,
    judgeLoad({
      students,
      fps: parts[0]!.fps,
      tally: totalsOf(parts),
      window,
      points: parts.flatMap(({ points }) => points),
      span: worstSpan(parts),
      // The first machine saw the server without the others.
      rateBefore: Math.max(...parts.map(({ rateBefore }) => rateBefore)),
      hostRestarts: Math.max(...parts.map(({ hostRestarts }) => hostRestarts)),
      advice: [...new Set(parts.flatMap(({ advice }) => advice))],
      visionOff: parts.find(({ visionOff }) => visionOff !== undefined)?.visionOff,
    }),
  );
  const figures: Figure[] = [
    figure('machines', parts.length, 'machines'),
    figure('students', students, 'students'),
    figure('all machines measured at the same time', Math.max(0, commonSeconds(parts) ?? 0), 's'),
    ...(window ? windowFigures(window) : []),
  ];
  return {
    input: {
      url: parts[0]!.url,
      fps: parts[0]!.fps,
      machines: parts.map(({ run, machine, students: some }) => ({ run, students: some, machine })),
    },
    figures,
    text: textOf(parts, figures, verdict),
    errors: [],
    ok: verdict.ok,
    more: { verdict, buckets: window?.buckets },
  };
}

function checkOneLoad(parts: readonly LoadPart[]): void {
  const differ = (of: (part: LoadPart) => unknown) => new Set(parts.map(of)).size > 1;
  if (new Set(parts.map(({ run }) => run)).size < parts.length) throw new UsageError('a run is given twice');
  if (differ(({ url }) => url))
    throw new UsageError(`the runs are of several servers: ${parts.map(({ url }) => url).join(', ')}`);
  if (differ(({ fps }) => fps))
    throw new UsageError(`the runs have several rates: ${parts.map(({ fps }) => fps).join(', ')}`);
}

const windowsOf = (parts: readonly LoadPart[]): Window[] => parts.flatMap(({ window }) => window ?? []);

/** Undefined unless every machine measured. */
function mergedWindow(parts: readonly LoadPart[]): Window | undefined {
  const windows = windowsOf(parts);
  if (windows.length < parts.length) return undefined;
  const seconds = Math.min(...windows.map((window) => window.seconds));
  // Rates are added up: one machine may have measured for longer.
  const sum = (of: (window: Window) => number) =>
    windows.reduce((total, window) => total + (of(window) / window.seconds) * seconds, 0);
  const [analysis, ack] = [new Latencies(), new Latencies()];
  for (const { buckets } of windows) {
    analysis.add(buckets.analysis);
    ack.add(buckets.ack);
  }
  return {
    beganAt: Math.max(...windows.map(({ beganAt }) => beganAt)),
    seconds,
    framesSent: sum(({ framesSent }) => framesSent),
    framesAnalysed: sum(({ framesAnalysed }) => framesAnalysed),
    framesDue: windows.some(({ framesDue }) => framesDue === null) ? null : sum(({ framesDue }) => framesDue ?? 0),
    signalsAcked: sum(({ signalsAcked }) => signalsAcked),
    analysis: analysis.spread(),
    ack: ack.spread(),
    buckets: { analysis: analysis.buckets, ack: ack.buckets },
    ownDelayMs: Math.max(...windows.map(({ ownDelayMs }) => ownDelayMs)),
    server: undefined,
  };
}

function totalsOf(parts: readonly LoadPart[]): TallyTotals {
  const sum = (of: keyof TallyTotals) => parts.reduce((total, { tally }) => total + tally[of], 0);
  return {
    connects: sum('connects'),
    signalsSent: sum('signalsSent'),
    signalsAcked: sum('signalsAcked'),
    errorCount: sum('errorCount'),
    dropCount: sum('dropCount'),
  };
}

/** All machines read the metrics of the same server: the worst of each. */
function worstSpan(parts: readonly LoadPart[]): ServerSpan | undefined {
  const spans = parts.flatMap(({ span }) => span ?? []);
  if (spans.length === 0) return undefined;
  const most = (of: (span: ServerSpan) => number | null): number | null => {
    const values = spans.flatMap((span) => of(span) ?? []);
    return values.length === 0 ? null : Math.max(...values);
  };
  return {
    ...spans[0]!,
    cores: most(({ cores }) => cores),
    busyThreads: most(({ busyThreads }) => busyThreads),
    memoryMiB: most(({ memoryMiB }) => memoryMiB),
    replaced: most(({ replaced }) => replaced) ?? 0,
    queueMs: most(({ queueMs }) => queueMs),
    commitMs: most(({ commitMs }) => commitMs),
    waiting: most(({ waiting }) => waiting) ?? 0,
    pressure: most(({ pressure }) => pressure) ?? 0,
    rateScale: Math.min(...spans.map(({ rateScale }) => rateScale)),
  };
}

/** By the machines' own clocks; undefined unless every machine measured. */
function commonSeconds(parts: readonly LoadPart[]): number | undefined {
  const windows = windowsOf(parts);
  if (windows.length < parts.length) return undefined;
  const ends = windows.map(({ beganAt, seconds }) => beganAt + seconds * 1000);
  return (Math.min(...ends) - Math.max(...windows.map(({ beganAt }) => beganAt))) / 1000;
}

/** Loads one after the other say nothing about their sum. */
function withCommonTime(parts: readonly LoadPart[], verdict: Verdict): Verdict {
  const common = commonSeconds(parts);
  if (common === undefined) return verdict;
  const least = LEAST_COMMON * Math.min(...windowsOf(parts).map(({ seconds }) => seconds));
  const check = {
    name: 'the machines measured at the same time',
    ok: common >= least,
    found: common > 0 ? `${common.toFixed(1)} s together` : 'never together',
  };
  const checks = [check, ...verdict.checks];
  if (check.ok) return { ...verdict, checks };
  return {
    ...verdict,
    ok: false,
    checks,
    sentence: `No verdict: the machines measured ${check.found} by their clocks, at least ${least.toFixed(1)} s are needed. Start them within seconds of each other, with the same --ramp and --secs.`,
  };
}

function textOf(parts: readonly LoadPart[], figures: readonly Figure[], { checks, sentence }: Verdict): string {
  return [
    table(
      ['machine', 'cores', 'students', 'analysed/s', 'analysis p99 ms', 'ack p99 ms', 'own delay ms'],
      parts.map(({ machine, students, window, run }) => [
        `${run}, ${machine.cpu}`,
        machine.cores,
        students,
        window ? Number((window.framesAnalysed / window.seconds).toPrecision(4)) : null,
        window?.analysis.p99 ?? null,
        window?.ack.p99 ?? null,
        window ? Math.round(window.ownDelayMs) : null,
      ]),
    ),
    table(
      ['figure of all', 'value', 'unit'],
      figures.map(({ name, value, unit }) => [name, value, unit]),
    ),
    table(
      ['check', 'result', 'found'],
      checks.map(({ name, ok, found }) => [name, ok ? 'ok' : 'FAILED', found]),
    ),
    sentence,
  ].join('\n\n');
}
