import type { Window } from '../../simulator/measure.ts';
import type { TallyTotals } from '../../simulator/tally.ts';
import type { Point } from '../../simulator/timeline.ts';
import { type Check, judge as judgeStudents } from '../../simulator/verdict.ts';
import type { ServerSpan } from './server-figures.ts';

/** Minimum share of due frames that are analysed: a busy server lowers the rate itself, without an error. */
const LEAST_ANALYSED = 0.95;
/**
 * Maximum of the 99th percentile of analyses, and of acknowledgements, ms: beyond it, a watching proctor sees a
 * different moment than the student's.
 */
export const ANALYSIS_MS = 1000;
export const ACK_MS = 1000;
/** Delay of the load test's own timers above which its measurements are partly its own, ms. */
const OWN_DELAY_MS = 50;
/** Minimum measured period: a shorter one says nothing about a server that has to run for hours, s. */
const LEAST_SECONDS = 5;

/** Thresholds above which a part of the server counts as limiting. */
const BUSY = { queueMs: 400, commitMs: 250, cores: 0.9, replaced: 0.05 };

export interface Verdict {
  readonly ok: boolean;
  /** As text. */
  readonly sentence: string;
  /** Limiting components, if any. */
  readonly limits: readonly string[];
  readonly checks: readonly Check[];
}

export interface Evidence {
  readonly students: number;
  readonly fps: number;
  readonly tally: TallyTotals;
  readonly window: Window | undefined;
  /** Steps of the measured period. */
  readonly points: readonly Point<ServerSpan>[];
  /** The server's activity over the whole measured period. */
  readonly span: ServerSpan | undefined;
  /** Requested share of the policies' rates before the test: below 1 it was busy then or recently. */
  readonly rateBefore: number;
  readonly hostRestarts: number;
  /** Advice on limits that were reached. */
  readonly advice: readonly string[];
  /** Reason why the models analyse nothing, if so. */
  readonly visionOff: string | undefined;
}

/** One decimal, omitted if 0. */
const tenths = (value: number): string => String(Math.round(value * 10) / 10);
const percent = (share: number): string => `${tenths(share * 100)} %`;
const ms = (value: number): string =>
  value >= 1000 ? `${tenths(value / 1000)} s` : `${value < 10 ? tenths(value) : Math.round(value)} ms`;

export function judgeLoad(evidence: Evidence): Verdict {
  const { students, fps, window, tally } = evidence;
  const load = `${students} ${students === 1 ? 'student' : 'students'} at ${fps} ${fps === 1 ? 'frame' : 'frames'}/s`;
  if (!window || window.seconds < LEAST_SECONDS) {
    const found = window ? `${tenths(window.seconds)} s` : 'not everybody was connected when it ended';
    const checks = [
      { name: `measured for ${LEAST_SECONDS} s at least`, ok: false, found },
      ...judgeStudents({ tally, students, tolerateDrops: false, store: undefined, watch: undefined }),
    ];
    return {
      ok: false,
      sentence: `No verdict on ${load}: ${window ? `only ${found} were measured` : found}.`,
      limits: [...evidence.advice],
      checks,
    };
  }
  const checks = checksOf(evidence, window);
  const ok = checks.every((check) => check.ok);
  if (ok) return { ok, sentence: `This server handles ${load}: ${praise(window)}.`, limits: [], checks };
  const limits = limitsOf(evidence, window);
  const because = limits.length > 0 ? ` Limiting factors: ${limits.join('; ')}.` : '';
  return {
    ok,
    sentence: `This server does not handle ${load}: ${faults(evidence, window, checks).join('; ')}.${because}`,
    limits,
    checks,
  };
}

function checksOf({ students, tally, advice, hostRestarts, visionOff }: Evidence, window: Window): Check[] {
  const { analysis, ack } = window;
  const share = shareOf(window);
  return [
    {
      name: `${percent(LEAST_ANALYSED)} of the frames that were due are analysed`,
      ok: share !== null && share >= LEAST_ANALYSED,
      found: share === null ? 'none was due' : percent(share),
    },
    {
      name: `99 of 100 analyses come within ${ms(ANALYSIS_MS)}`,
      ok: analysis.p99 !== null && analysis.p99 <= ANALYSIS_MS,
      found: analysis.p99 === null ? 'none came' : ms(analysis.p99),
    },
    // A script may have no signals at all.
    {
      name: `99 of 100 signals are acknowledged within ${ms(ACK_MS)}`,
      ok: ack.p99 === null || ack.p99 <= ACK_MS,
      found: ack.p99 === null ? 'none was due' : ms(ack.p99),
    },
    ...judgeStudents({ tally, students, tolerateDrops: false, store: undefined, watch: undefined }),
    {
      name: 'no limit of the server was met',
      ok: advice.length === 0,
      found: advice.length === 0 ? '0 limits' : advice.join('; '),
    },
    {
      name: 'the models look, and do not have to be started again',
      ok: visionOff === undefined && hostRestarts === 0,
      found: visionOff ?? `${hostRestarts} restarts`,
    },
  ];
}

const shareOf = ({ framesDue, framesAnalysed }: Window): number | null =>
  framesDue === null || framesDue === 0 ? null : Math.min(1, framesAnalysed / framesDue);

function praise(window: Window): string {
  const { analysis, ack } = window;
  return [
    `${percent(shareOf(window) ?? 0)} of the frames due were analysed, 99 of 100 within ${ms(analysis.p99 ?? 0)}`,
    ...(ack.p99 === null ? [] : [`99 of 100 signals were acknowledged within ${ms(ack.p99)}`]),
    'no connection was lost',
  ].join('; ');
}

/** Faults, with the worst moment. */
function faults(
  { points, students, tally, advice, visionOff, hostRestarts }: Evidence,
  window: Window,
  checks: readonly Check[],
): string[] {
  const { analysis, ack } = window;
  const share = shareOf(window);
  const said: string[] = [];
  if (visionOff !== undefined) said.push(`its models analyse nothing (${visionOff})`);
  if (tally.connects < students) said.push(`${students - tally.connects} of ${students} students never connected`);
  if (share !== null && share < LEAST_ANALYSED)
    said.push(`${percent(share)} of the frames due were analysed (at least ${percent(LEAST_ANALYSED)} required)`);
  if ((analysis.p99 ?? 0) > ANALYSIS_MS)
    said.push(
      `the analyses come ${ms(analysis.p99!)} late${worst(points, (point) => point.analysis.p99)} (99th percentile; at most ${ms(ANALYSIS_MS)})`,
    );
  if ((ack.p99 ?? 0) > ACK_MS)
    said.push(
      `signals are acknowledged after ${ms(ack.p99!)}${worst(points, (point) => point.ack.p99)} (99th percentile; at most ${ms(ACK_MS)})`,
    );
  if (tally.dropCount > 0)
    said.push(`${tally.dropCount} ${tally.dropCount === 1 ? 'connection' : 'connections'} ended unexpectedly`);
  if (tally.signalsAcked < tally.signalsSent)
    said.push(`${tally.signalsSent - tally.signalsAcked} of ${tally.signalsSent} signals were not acknowledged`);
  if (hostRestarts > 0) said.push(`the models were restarted ${hostRestarts === 1 ? 'once' : `${hostRestarts} times`}`);
  if (tally.errorCount > 0) said.push(`${tally.errorCount} ${tally.errorCount === 1 ? 'error' : 'errors'}`);
  if (said.length === 0 && advice.length > 0) said.push('a limit was reached');
  return said.length > 0 ? said : checks.filter(({ ok }) => !ok).map(({ name, found }) => `not "${name}": ${found}`);
}

function worst(points: readonly Point<ServerSpan>[], of: (point: Point<ServerSpan>) => number | null): string {
  const found = points.reduce<{ readonly t: number; readonly value: number } | undefined>((most, point) => {
    const value = of(point);
    return value !== null && value > (most?.value ?? 0) ? { t: point.t, value } : most;
  }, undefined);
  return found ? `, and ${ms(found.value)} at ${found.t.toFixed(0)} s` : '';
}

/** Limiting components: those known to be busy, from the server's metrics. */
function limitsOf({ fps, span, points, advice, visionOff, rateBefore }: Evidence, window: Window): string[] {
  const limits = [...advice];
  const rate = window.framesAnalysed / window.seconds;
  const due = (window.framesDue ?? 0) / window.seconds;
  if (rateBefore < 1)
    limits.push(
      `earlier load: the server requested ${percent(rateBefore)} of the policies' rates already when the test began, and recovers by a tenth every 2 s; try again in a minute`,
    );
  const scale = Math.min(1, ...points.flatMap(({ server }) => server?.rateScale ?? []));
  if (
    visionOff === undefined &&
    ((scale < 1 && rateBefore === 1) ||
      (span?.queueMs ?? 0) > BUSY.queueMs ||
      (span && span.replaced > BUSY.replaced * due))
  ) {
    limits.push(
      `the models: they analysed ${tenths(rate)} of ${tenths(due)} frames/s due. That is ${Math.floor(rate / fps)} students at ${fps}/s without reserve; add cores (INFERENCE_THREADS), or lower the frame rate of the exam's policy`,
    );
  }
  const pressed = points.some(({ server }) => (server?.pressure ?? 0) > 0);
  if (pressed || (span?.commitMs ?? 0) > BUSY.commitMs)
    limits.push(
      `the database: a commit took ${span?.commitMs === null || span === undefined ? 'long' : ms(span.commitMs)} on average`,
    );
  if ((span?.cores ?? 0) > BUSY.cores)
    limits.push(
      `the main process: it used ${percent(span!.cores!)} of a core, and its sockets cannot use more than one`,
    );
  if (window.ownDelayMs > OWN_DELAY_MS)
    limits.push(
      `the machine that runs the students: its own timers were ${ms(window.ownDelayMs)} late, so the times are partly its own; use a faster machine, or two`,
    );
  return limits;
}
