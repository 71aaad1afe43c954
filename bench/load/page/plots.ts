import type { Point } from '../../../simulator/timeline.ts';
import type { LoadReport } from '../report.ts';
import type { ServerSpan } from '../server-figures.ts';
import { ACK_MS, ANALYSIS_MS } from '../verdict.ts';
import { number } from './escape.ts';
import type { Line, Plot } from './plot.ts';

type Read = (point: Point<ServerSpan>) => number | null | undefined;

/** Plots of a run; those of the server's metrics only if available. */
export function plotsOf({ points, marks }: Pick<LoadReport, 'points' | 'marks'>): Plot[] {
  const line = (name: string, style: Line['style'], read: Read): Line => ({
    name,
    style,
    points: points.map((point) => [point.t, read(point) ?? null]),
  });
  const moments = [
    ...(marks.ramped === null ? [] : [{ t: marks.ramped, name: 'all have begun' }]),
    ...(marks.measured === null ? [] : [{ t: marks.measured, name: 'handing in' }]),
  ];
  const plot = (title: string, unit: string, lines: Line[], more: Partial<Plot> = {}): Plot => ({
    title,
    unit,
    lines,
    marks: moments,
    ...more,
  });
  const percentiles = (
    of: (point: Point<ServerSpan>) => { p50: number | null; p95: number | null; p99: number | null },
  ): Line[] => [
    line('99th percentile', 1, (point) => of(point).p99),
    line('95th percentile', 2, (point) => of(point).p95),
    line('median', 3, (point) => of(point).p50),
  ];
  const hasServer = points.some(({ server }) => server !== undefined);
  return [
    plot('Students connected', 'students', [line('connected', 1, ({ live }) => live)], { whole: true }),
    plot('Frames', 'frames/s', [
      line('due', 4, ({ due }) => due),
      line('sent', 2, ({ sent }) => sent),
      line('analysed', 1, ({ analysed }) => analysed),
    ]),
    plot(
      'Frame analysis latency',
      'ms',
      percentiles(({ analysis }) => analysis),
      { most: { value: ANALYSIS_MS, name: `at most ${number(ANALYSIS_MS)} ms` } },
    ),
    plot(
      'Signal acknowledgement latency',
      'ms',
      percentiles(({ ack }) => ack),
      { most: { value: ACK_MS, name: `at most ${number(ACK_MS)} ms` } },
    ),
    plot('Signals acknowledged', 'signals/s', [line('acknowledged', 1, ({ acked }) => acked)]),
    plot('Rate requested per student', 'frames/s', [line('mean of all students', 1, ({ statedFps }) => statedFps)]),
    plot(
      'Faults per step',
      'times',
      [
        line('errors', 1, ({ errors }) => errors),
        line('connections that ended by themselves', 2, ({ drops }) => drops),
        line('sockets refused', 3, ({ refusals }) => refusals),
      ],
      { whole: true },
    ),
    ...(hasServer
      ? [
          plot('Server: processor', 'cores', [
            line('main process', 1, ({ server }) => server?.cores),
            line('inference threads in use', 2, ({ server }) => server?.busyThreads),
          ]),
          plot('Server: waiting', 'ms, mean', [
            line('queueing time of a frame', 1, ({ server }) => server?.queueMs),
            line('a commit', 2, ({ server }) => server?.commitMs),
          ]),
          plot('Server: memory of the main process', 'MiB', [line('resident', 1, ({ server }) => server?.memoryMiB)]),
        ]
      : []),
  ];
}
