import type { CpuSplit } from '../cpu-meter.ts';
import { spread } from '../../simulator/report/percentile.ts';

/** Measurements of one contender over one period. Rates per second, times in ms. */
export interface PeerSample {
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** CPU time per analysed frame. */
  readonly cpu: CpuSplit;
  /** Share of frames without a face search; null: not reported. */
  readonly followed: number | null;
  readonly errors: readonly string[];
}

/** A system that analyses frames: each student sends the next one after the last response. */
export interface FrameContender {
  readonly name: string;
  measure(students: number, secs: number): Promise<PeerSample>;
  stop(): Promise<void>;
}

/** Warm-up of connections and just-in-time compilers, at most, ms. */
export const WARM_UP_MS = 1500;

export const percentiles = (latencies: readonly number[]): Pick<PeerSample, 'p50' | 'p95' | 'p99'> => {
  const { p50, p95, p99 } = spread(latencies);
  return { p50, p95, p99 };
};

/** CPU time of the server in all: its processes and those of its database. */
export const serverMs = ({ cpu }: Pick<PeerSample, 'cpu'>): number => cpu.main + cpu.host + cpu.database;
