import type { CpuSplit } from '../cpu-meter.ts';
import { spread } from '../../simulator/report/percentile.ts';

/** One stretch of one contender. Rates a second, times in ms. */
export interface PeerSample {
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Processor time of an analysed frame. */
  readonly cpu: CpuSplit;
  /** Share of the frames in which no face was searched for; null: it does not say. */
  readonly followed: number | null;
  readonly errors: readonly string[];
}

/** A system that looks at frames: each of so many students sends the next one when the last one is answered. */
export interface FrameContender {
  readonly name: string;
  measure(students: number, secs: number): Promise<PeerSample>;
  stop(): Promise<void>;
}

/** Connections and just-in-time compilers find their pace first, at most so long, ms. */
export const WARM_UP_MS = 1500;

export const percentiles = (latencies: readonly number[]): Pick<PeerSample, 'p50' | 'p95' | 'p99'> => {
  const { p50, p95, p99 } = spread(latencies);
  return { p50, p95, p99 };
};

/** Of the server in all: its processes, and those of its database. */
export const serverMs = ({ cpu }: Pick<PeerSample, 'cpu'>): number => cpu.main + cpu.host + cpu.database;
