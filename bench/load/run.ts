import type { Api } from '../../simulator/api.ts';
import { Crowd } from '../../simulator/crowd.ts';
import { makeExam } from '../../simulator/exam.ts';
import type { FrameSource } from '../../simulator/frames.ts';
import { measure, type Window } from '../../simulator/measure.ts';
import { type Point, Timeline } from '../../simulator/timeline.ts';
import { accountOf, type Belongings, examTitle } from './accounts.ts';
import { limitAdvice, refusalAdvice } from './limits.ts';
import type { LoadPlan } from './options.ts';
import { checkWire } from './preflight.ts';
import { type ServerSpan, shedBetween, spanOf } from './server-figures.ts';
import { ServerFollower } from './server-follower.ts';

/** Number of steps of a run, and their minimum length, s. */
const STEPS = 60;
const LEAST_STEP_S = 1;
const TOLD_EVERY_MS = 2000;
/** Maximum wait for students kept out by a limit of the server, ms. */
const LIMITED_MS = 5000;
const LOOK_EVERY_MS = 500;

export interface LoadRun {
  readonly crowd: Crowd;
  /** Undefined if the run ended before everyone was connected. */
  readonly window: Window | undefined;
  /** Activity of the server in it, from its metrics. */
  readonly span: ServerSpan | undefined;
  readonly points: readonly Point<ServerSpan>[];
  /** Length of a step, s. */
  readonly step: number;
  /** Seconds from the start to the end of the ramp-up, and to the end of the measured period; null if not reached. */
  readonly marks: { readonly ramped: number | null; readonly measured: number | null };
  /** Time to finish all sessions, s. */
  readonly handIn: number;
  readonly server: ServerFollower;
  readonly endedEarly: boolean;
}

export interface LoadParts {
  readonly plan: LoadPlan;
  readonly run: string;
  readonly admin: Api;
  readonly frames: FrameSource;
  readonly belongings: Belongings;
  readonly stop: AbortSignal;
  readonly say: (line: string) => void;
  /** Prints progress lines about a crowd. @returns a function that stops it */
  readonly follow: (crowd: Crowd) => () => void;
}

/** Creates an exam and its students, runs their sessions, and measures. @throws ApiError, Error if it cannot begin */
export async function runLoad({
  plan,
  run,
  admin,
  frames,
  belongings,
  stop,
  say,
  follow,
}: LoadParts): Promise<LoadRun> {
  const { url, students, fps, secs, ramp, script } = plan;
  const crowd = new Crowd({ server: url, students, frames, script, maxFps: fps, account: accountOf(run), admin });
  const exam = await makeExam(admin, examTitle(run), fps);
  belongings.made(exam, crowd);
  await prepare(crowd, exam, students, stop, say);
  const [first] = crowd.students;
  if (first?.sessionId) await checkWire(url, await first.api.ticket(first.sessionId));

  const server = new ServerFollower(url);
  await server.read();
  if (server.problem) say(`metrics of the server are not available: ${server.problem}`);
  if ((server.first?.sum('invigil_rate_scale') ?? 1) < 1)
    say('the server requests fewer frames than the policies before anything was sent: it is or recently was busy');
  const step = Math.max(LEAST_STEP_S, Math.ceil((ramp + secs) / STEPS));
  const timeline = new Timeline<ServerSpan>(crowd, step * 1000, () => server.step());
  const endProgress = follow(crowd);
  try {
    await connect(crowd, ramp, server, stop);
    const ramped = stop.aborted ? null : timeline.now;
    tellLimits(crowd, server, say);
    const [window, span] = stop.aborted ? [] : await beside(server, () => measure(crowd, secs, undefined, stop));
    const measured = window ? timeline.now : null;
    const began = performance.now();
    await crowd.finish();
    const handIn = (performance.now() - began) / 1000;
    await timeline.stop();
    await server.read();
    return {
      crowd,
      window,
      span,
      points: timeline.points,
      step,
      marks: { ramped, measured },
      handIn,
      server,
      endedEarly: stop.aborted,
    };
  } finally {
    endProgress();
    crowd.close();
    await timeline.stop();
  }
}

/** Waits for students who cannot connect yet, but not for those kept out by a limit. */
async function connect(crowd: Crowd, ramp: number, server: ServerFollower, stop: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const began = performance.now();
  let metAt: number | undefined;
  const timer = setInterval(() => {
    if (performance.now() - began < ramp * 1000) return;
    if (isLimited(crowd, server)) metAt ??= performance.now();
    if (metAt !== undefined && performance.now() - metAt > LIMITED_MS) enough.abort();
  }, LOOK_EVERY_MS);
  await crowd.connect(ramp * 1000, AbortSignal.any([stop, enough.signal]));
  clearInterval(timer);
}

const isLimited = ({ tally }: Crowd, server: ServerFollower): boolean =>
  tally.refusals.has('429') || limitAdvice(shedBetween(server.first, server.last)).length > 0;

/** Runs work between two readings of the server's metrics. */
async function beside<T>(server: ServerFollower, work: () => Promise<T>): Promise<[T, ServerSpan | undefined]> {
  await server.read();
  const { last: before, lastAt: began } = server;
  const done = await work();
  await server.read();
  const { last: after, lastAt: ended } = server;
  return [done, before && after && after !== before ? spanOf(before, after, (ended - began) / 1000) : undefined];
}

async function prepare(
  crowd: Crowd,
  exam: string,
  students: number,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  let told = performance.now();
  await crowd.prepare(
    exam,
    (done) => {
      if (done < students && performance.now() - told < TOLD_EVERY_MS) return;
      told = performance.now();
      say(`accounts and sessions: ${done} of ${students}`);
    },
    stop,
  );
}

/** At once rather than at the end: an operator may want to stop the run here. */
function tellLimits(crowd: Crowd, server: ServerFollower, say: (line: string) => void): void {
  for (const advice of advices(crowd, server)) say(advice);
}

export function advices({ tally }: Crowd, server: ServerFollower): string[] {
  const told = limitAdvice(shedBetween(server.first, server.last));
  return told.length > 0 ? told : refusalAdvice(tally.refusals);
}
