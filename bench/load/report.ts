import { type Figure, figure } from '../../simulator/report/figure.ts';
import { tallyFigures, windowFigures } from '../../simulator/measure.ts';
import type { Point } from '../../simulator/timeline.ts';
import { table } from '../../simulator/report/table.ts';
import type { Machine } from '../../simulator/report/machine.ts';
import type { LoadRun } from './run.ts';
import { type ServerRow, serverRows, type ServerSpan } from './server-figures.ts';
import type { Verdict } from './verdict.ts';

/** Report of a run, for the JSON file, the terminal and the page. */
export interface LoadReport {
  /** ISO 8601 */
  readonly at: string;
  readonly url: string;
  /** Response of `/health`. */
  readonly server: Readonly<Record<string, unknown>>;
  /** Machine that ran the students. */
  readonly machine: Machine;
  readonly input: Readonly<Record<string, unknown>>;
  readonly verdict: Verdict;
  readonly endedEarly: boolean;
  readonly figures: readonly Figure[];
  /** Length of a step of the series, s. */
  readonly step: number;
  readonly marks: LoadRun['marks'];
  readonly points: readonly Point<ServerSpan>[];
  readonly serverRows: readonly ServerRow[];
  /** Reason why the server's metrics are missing. */
  readonly serverProblem: string | undefined;
  readonly counts: readonly Counts[];
  /** First error of each kind, as text. */
  readonly firstErrors: Readonly<Record<string, string>>;
  /** Objects that remain on the server. */
  readonly leftBehind: readonly string[];
}

export interface Counts {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Units of a point's fields, for the JSON file. */
export const SERIES_UNITS = {
  t: 's since the beginning, end of the step',
  live: 'students',
  due: 'frames/s',
  sent: 'frames/s',
  analysed: 'frames/s',
  statedFps: 'frames/s of one student',
  acked: 'signals/s',
  analysis: 'ms from send to analysis',
  ack: 'ms from signal to acknowledgement',
  errors: 'in the step',
  drops: 'connections in the step',
  refusals: 'sockets in the step',
  server: {
    cores: 'cores, main process',
    busyThreads: 'threads of the models',
    memoryMiB: 'MiB',
    analysed: 'frames/s',
    dropped: 'frames/s',
    replaced: 'frames/s',
    queueMs: 'ms',
    commitMs: 'ms',
    waiting: 'changes',
    pressure: '0 nobody, 1 frames, 2 signals too',
    rateScale: 'x',
  },
} as const;

export function loadFigures({ crowd, window, span, handIn }: LoadRun): Figure[] {
  return [
    ...(window ? [...windowFigures(window), ...lossFigures(window)] : []),
    ...tallyFigures(crowd),
    figure('handing in, until the last end', handIn, 's'),
    ...(span
      ? [
          figure('server, main process', span.cores, 'cores'),
          figure('server, threads that look at pictures', span.busyThreads, 'threads busy'),
          figure('server, memory of the main process at the end', span.memoryMiB, 'MiB'),
          figure('server, a frame waits for its turn', span.queueMs, 'ms'),
          figure('server, a commit takes', span.commitMs, 'ms'),
        ]
      : []),
  ];
}

function lossFigures({ seconds, framesDue, framesSent, framesAnalysed }: NonNullable<LoadRun['window']>): Figure[] {
  return [
    ...(framesDue === null
      ? []
      : [
          figure(
            'frames not sent: the server asked for fewer, or the line was busy',
            Math.max(0, framesDue - framesSent) / seconds,
            'frames/s',
          ),
        ]),
    figure('frames sent and not analysed', Math.max(0, framesSent - framesAnalysed) / seconds, 'frames/s'),
  ];
}

export function loadCounts({ tally }: LoadRun['crowd']): Counts[] {
  const counted = (name: string, map: ReadonlyMap<string, number>): Counts => ({
    name,
    counts: Object.fromEntries([...map].sort(([a], [b]) => a.localeCompare(b))),
  });
  return [
    counted('errors, by code', tally.errors),
    counted('connections that ended by themselves, by close code', tally.drops),
    counted('sockets that were not let in, by status', tally.refusals),
    counted('attempts to connect that failed', tally.failedAttempts),
    counted('events shown to students', tally.events),
  ];
}

export const rowsOf = (run: LoadRun): ServerRow[] => serverRows(run.server.first, run.server.last);

/** For the terminal. */
export function loadText({
  figures,
  counts,
  serverRows: rows,
  serverProblem,
  firstErrors,
  verdict,
  leftBehind,
  endedEarly,
}: LoadReport): string {
  return [
    ...(endedEarly ? ['ended early'] : []),
    table(
      ['figure', 'value', 'unit'],
      figures.map(({ name, value, unit }) => [name, value, unit]),
    ),
    ...counts
      .filter((one) => Object.keys(one.counts).length > 0)
      .map((one) => table([one.name, 'count'], Object.entries(one.counts))),
    ...Object.entries(firstErrors).map(([code, message]) => `first ${code}: ${message}`),
    rows.length > 0
      ? table(
          ['server', 'before', 'after', 'unit'],
          rows.map(({ name, before, after, unit }) => [name, before, after, unit]),
        )
      : `metrics of the server: ${serverProblem ?? 'none'}`,
    table(
      ['check', 'result', 'found'],
      verdict.checks.map(({ name, ok, found }) => [name, ok ? 'ok' : 'FAILED', found]),
    ),
    `remaining on the server:\n${leftBehind.map((line) => `  ${line}`).join('\n')}`,
    verdict.sentence,
  ].join('\n\n');
}
