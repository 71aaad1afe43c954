import { cpuEach, type CpuSplit } from '../cpu-meter.ts';
import { watchOwnDelay } from '../own-delay.ts';
import { spread } from '../../simulator/report/percentile.ts';
import type { SeededServer } from '../seeded/server.ts';
import { type LeanCrowd, total } from './crowd.ts';

/** Measurements over one period: frames per second, ms, bytes. */
export interface Stretch {
  readonly seconds: number;
  readonly sent: number;
  readonly analysed: number;
  /** From send to `analysis`. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** CPU time per analysed frame. */
  readonly cpu: CpuSplit;
  /** CPU time per second, of 1000 for each core, ms. */
  readonly cpuASecond: CpuSplit;
  /**
   * Time of a frame in the workers' steps, from the server's metrics. Wall clock: exceeds CPU time when cores are
   * scarce.
   */
  readonly inference: number;
  /** Share of frames without a face search because nothing had moved. */
  readonly followed: number;
  readonly lost: number;
  readonly heldBack: number;
  /** Lowest rate requested by the server at the end, and its share of the policies' rates. */
  readonly statedFps: number;
  readonly rateScale: number;
  /** 99th percentile of the delay of this process's own timers: above some ms the latencies are partly its own. */
  readonly ownDelay: number;
  readonly memory: { readonly main: number; readonly host: number };
  /** Analysed frames per session. */
  readonly bySession: readonly number[];
  /** From send to `ack`, for all signals. */
  readonly ackLatencies: readonly number[];
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Longest wait of `period` for something to count, ms. */
const AT_MOST_MS = 60_000;
const LOOK_MS = 10;

/**
 * Waits this long, and on a busy machine until something was counted: a rate of nothing is no measurement.
 * @param counted what the period measures, for example acknowledged signals; only its rise matters
 */
export async function period(secs: number, counted: () => number): Promise<void> {
  const [before, until] = [counted(), performance.now() + AT_MOST_MS];
  await pause(secs * 1000);
  while (counted() === before && performance.now() < until) await pause(LOOK_MS);
}

/**
 * Measures a crowd that is already running.
 * @param of at least one of these is awaited; `nothing` for a crowd at rest
 */
export async function stretch(
  server: SeededServer,
  crowd: LeanCrowd,
  secs: number,
  of: 'analysed' | 'acked' | 'nothing' = 'analysed',
): Promise<Stretch> {
  const metrics = await server.metrics();
  crowd.recount();
  const cpu = server.cpu();
  const began = performance.now();
  const delayed = watchOwnDelay();
  await (of === 'nothing' ? pause(secs * 1000) : period(secs, () => total(crowd.counts, of)));
  const ownDelay = delayed();
  const seconds = (performance.now() - began) / 1000;
  const cpuAfter = server.cpu();
  // Later counts go into a new object.
  const counts = crowd.counts;
  crowd.recount();
  const after = await server.metrics();
  const analysed = total(counts, 'analysed');
  const counted = (name: string): number => after.sum(name) - metrics.sum(name);
  const looked = counted('invigil_frames_analysed_total');
  const { p50, p95, p99 } = spread(counts.flatMap(({ latencies }) => latencies));
  return {
    seconds,
    sent: total(counts, 'sent') / seconds,
    analysed: analysed / seconds,
    p50,
    p95,
    p99,
    cpu: cpuEach(cpu, cpuAfter, analysed),
    cpuASecond: cpuEach(cpu, cpuAfter, seconds),
    inference: (after.inferenceMs - metrics.inferenceMs) / looked,
    followed: counted('invigil_frames_followed_total') / looked,
    lost: total(counts, 'lost'),
    heldBack: total(counts, 'heldBack'),
    statedFps: crowd.lowestStatedFps,
    rateScale: after.sum('invigil_rate_scale'),
    ownDelay,
    memory: server.memory(),
    bySession: counts.map((count) => count.analysed),
    ackLatencies: counts.flatMap((count) => count.ackLatencies),
  };
}

/** CPU time per frame outside decoding and inference, ms. */
export const outsideInference = ({ cpu, inference }: Pick<Stretch, 'cpu' | 'inference'>): number =>
  cpu.main + cpu.host - inference;
