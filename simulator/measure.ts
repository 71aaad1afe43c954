import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Figure, figure } from './report/figure.ts';
import type { Buckets } from './latencies.ts';
import type { Spread } from './report/percentile.ts';
import { growth, type ServerSample, type ServerWatch } from './server/server-watch.ts';
import type { Crowd } from './crowd.ts';
import { pause } from './crowd.ts';

const MIB = 2 ** 20;

/** Counters of a measurement period in which all students were connected. */
export interface Window {
  /** Beginning, ms since 1970. */
  readonly beganAt: number;
  readonly seconds: number;
  readonly framesSent: number;
  readonly framesAnalysed: number;
  /** Frames due from the connected students: seconds connected times the requested rate; null without one. */
  readonly framesDue: number | null;
  readonly signalsAcked: number;
  /** From send to analysis, ms. */
  readonly analysis: Spread;
  /** From signal to acknowledgement, ms; without signals delayed by a script's own cut. */
  readonly ack: Spread;
  /** The values of both, to be added to those of other machines. */
  readonly buckets: { readonly analysis: Buckets; readonly ack: Buckets };
  /**
   * 99th percentile of the delay of this process's own timers, ms: above some tens the latencies are partly its own.
   */
  readonly ownDelayMs: number;
  readonly server: { readonly first: ServerSample; readonly last: ServerSample } | undefined;
}

/** Measures a connected crowd for `seconds`. */
export async function measure(
  crowd: Crowd,
  seconds: number,
  watch: ServerWatch | undefined,
  signal: AbortSignal,
): Promise<Window> {
  const { tally } = crowd;
  tally.forgetLatencies();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const beganAt = Date.now();
  const before = {
    at: performance.now(),
    sent: tally.framesSent,
    analysed: tally.framesAnalysed,
    acked: tally.signalsAcked,
    live: tally.liveSeconds,
    server: watch?.sample(),
  };
  await pause(seconds * 1000, signal);
  const last = watch?.sample();
  delay.disable();
  return {
    beganAt,
    seconds: (performance.now() - before.at) / 1000,
    framesSent: tally.framesSent - before.sent,
    framesAnalysed: tally.framesAnalysed - before.analysed,
    framesDue: crowd.maxFps === undefined ? null : (tally.liveSeconds - before.live) * crowd.maxFps,
    signalsAcked: tally.signalsAcked - before.acked,
    analysis: tally.analysis.spread(),
    ack: tally.ack.spread(),
    buckets: { analysis: tally.analysis.buckets, ack: tally.ack.buckets },
    // Counted from a timer of 10 ms.
    ownDelayMs: Math.max(0, delay.percentile(99) / 1e6 - 10),
    server: before.server && last ? { first: before.server, last } : undefined,
  };
}

export function windowFigures(window: Window): Figure[] {
  const { seconds, framesDue, analysis, ack } = window;
  return [
    figure('measured for', seconds, 's'),
    figure('frames sent', window.framesSent / seconds, 'frames/s'),
    figure('frames analysed', window.framesAnalysed / seconds, 'frames/s'),
    ...(framesDue === null ? [] : [figure('frames due, of those connected', framesDue / seconds, 'frames/s')]),
    figure('acknowledgements', window.signalsAcked / seconds, 'signals/s'),
    ...spreadFigures('send to analysis', analysis),
    ...spreadFigures('signal to acknowledgement', ack),
    figure("simulator's own delay, p99", window.ownDelayMs, 'ms'),
  ];
}

const spreadFigures = (name: string, { p50, p95, p99, max }: Spread): Figure[] => [
  figure(`${name}, p50`, p50, 'ms'),
  figure(`${name}, p95`, p95, 'ms'),
  figure(`${name}, p99`, p99, 'ms'),
  figure(`${name}, max`, max, 'ms'),
];

/** CPU time per frame and memory of the server; nothing without a watch. */
export function serverFigures(window: Window, watch: ServerWatch | undefined): Figure[] {
  const { server, framesAnalysed, seconds } = window;
  if (!server || !watch) return [];
  const { first, last } = server;
  return (['main', 'host'] as const).flatMap((part) => {
    const cpu = last[part].cpuMs - first[part].cpuMs;
    const grown = growth(watch.samples, part);
    return [
      figure(`${part}: processor time a frame`, framesAnalysed > 0 ? cpu / framesAnalysed : null, 'ms'),
      figure(`${part}: processor`, cpu / seconds / 10, '% of a core'),
      figure(`${part}: memory at the end`, last[part].rss / MIB, 'MiB'),
      ...(grown
        ? [
            figure(`${part}: memory after 20 s, median of 5 s`, grown.settled / MIB, 'MiB'),
            figure(`${part}: memory at the end, median of 5 s`, grown.end / MIB, 'MiB'),
            figure(`${part}: memory growth after 20 s`, grown.share * 100, '%'),
          ]
        : []),
    ];
  });
}

/** Counters of all students over the whole run. */
export function tallyFigures({ tally, students }: Crowd): Figure[] {
  return [
    figure('students', students.length, 'students'),
    figure('connections made', tally.connects, 'connections'),
    figure('connections cut by scripts', tally.cuts, 'connections'),
    figure('connections that ended by themselves', tally.dropCount, 'connections'),
    figure('reconnects', tally.reconnects, 'connections'),
    figure('frames sent in all', tally.framesSent, 'frames'),
    figure('frames analysed in all', tally.framesAnalysed, 'frames'),
    figure('frames held back by a busy line', tally.framesHeldBack, 'frames'),
    figure('lowest rate asked for', tally.lowestFps, 'frames/s'),
    figure('signals sent', tally.signalsSent, 'signals'),
    figure('signals acknowledged', tally.signalsAcked, 'signals'),
    figure('errors', tally.errorCount, 'errors'),
  ];
}
