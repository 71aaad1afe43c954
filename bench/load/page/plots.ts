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
    line('99 of 100 within', 1, (point) => of(point).p99),
    line('95 of 100', 2, (point) => of(point).p95),
    line('half', 3, (point) => of(point).p50),
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
      'From sending a frame to its analysis',
      'ms',
      percentiles(({ analysis }) => analysis),
      { most: { value: ANALYSIS_MS, name: `at most ${number(ANALYSIS_MS)} ms` } },
    ),
    plot(
      'From a signal to its acknowledgement',
      'ms',
      percentiles(({ ack }) => ack),
      { most: { value: ACK_MS, name: `at most ${number(ACK_MS)} ms` } },
    ),
    plot('Signals acknowledged', 'signals/s', [line('acknowledged', 1, ({ acked }) => acked)]),
    plot('Rate that the server asks one student for', 'frames/s', [
      line('mean of all students', 1, ({ statedFps }) => statedFps),
    ]),
    plot(
      'What went wrong, in each step',
      'times',
      [
        line('errors', 1, ({ errors }) => errors),
        line('connections that ended by themselves', 2, ({ drops }) => drops),
        line('sockets not let in', 3, ({ refusals }) => refusals),
      ],
      { whole: true },
    ),
    ...(hasServer
      ? [
          plot('Server: processor', 'cores', [
            line('main process', 1, ({ server }) => server?.cores),
            line('threads that look at pictures', 2, ({ server }) => server?.busyThreads),
          ]),
          plot('Server: waiting', 'ms, mean', [
            line('a frame for its turn', 1, ({ server }) => server?.queueMs),
            line('a commit', 2, ({ server }) => server?.commitMs),
          ]),
          plot('Server: memory of the main process', 'MiB', [line('resident', 1, ({ server }) => server?.memoryMiB)]),
        ]
      : []),
  ];
}
