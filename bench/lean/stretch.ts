import { cpuEach, type CpuSplit } from '../cpu-meter.ts';
import { watchOwnDelay } from '../own-delay.ts';
import { spread } from '../../simulator/report/percentile.ts';
import type { SeededServer } from '../seeded/server.ts';
import { type LeanCrowd, total } from './crowd.ts';

/** What was counted from one moment to another. Frames a second, ms, bytes. */
export interface Stretch {
  readonly seconds: number;
  readonly sent: number;
  readonly analysed: number;
  /** From send to `analysis`. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Processor time of an analysed frame. */
  readonly cpu: CpuSplit;
  /** Processor time a second, of 1000 for each core. */
  readonly cpuASecond: CpuSplit;
  /**
   * Time of a frame in the workers' own steps, by the server's own figures. Wall clock: more than processor time where
   * cores are short.
   */
  readonly inference: number;
  /** Share of the frames in which no face was searched for, because nothing had moved. */
  readonly followed: number;
  readonly lost: number;
  readonly heldBack: number;
  /** Lowest rate that the server asked for at the end, and the share of the policies' rates that this is. */
  readonly statedFps: number;
  readonly rateScale: number;
  /** 99th percentile of how late this process's own timers were: above some ms the latencies are partly its own. */
  readonly ownDelay: number;
  readonly memory: { readonly main: number; readonly host: number };
  /** Analysed frames of each session. */
  readonly bySession: readonly number[];
  /** From send to `ack`, of all signals. */
  readonly ackLatencies: readonly number[];
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Measures a crowd that does already what it is to do. */
export async function stretch(server: SeededServer, crowd: LeanCrowd, secs: number): Promise<Stretch> {
  const metrics = await server.metrics();
  crowd.recount();
  const cpu = server.cpu();
  const began = performance.now();
  const delayed = watchOwnDelay();
  await pause(secs * 1000);
  const ownDelay = delayed();
  const seconds = (performance.now() - began) / 1000;
  const cpuAfter = server.cpu();
  // Counted on is in an object of its own from here on.
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

/** Processor time of a frame besides decoding and inference, ms. */
export const outsideInference = ({ cpu, inference }: Pick<Stretch, 'cpu' | 'inference'>): number =>
  cpu.main + cpu.host - inference;
