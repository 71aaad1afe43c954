import { childrenOf, mainThreadCpuMs, readStats, treeCpuMs } from '../simulator/server/process-stats.ts';

/** CPU time of each part since its processes started, ms. */
export interface CpuSplit {
  /** The server's main process, including the embedded database. */
  readonly main: number;
  /** All its descendants: the inference host. */
  readonly host: number;
  /** Of that, its main thread: passes frames to the workers and their results back, without analysing any. */
  readonly hostMain: number;
  /** PostgreSQL with all its backends; 0 for the embedded database. */
  readonly database: number;
  /** This process, all its threads. */
  readonly load: number;
}

const PARTS = ['main', 'host', 'hostMain', 'database', 'load'] as const;

/** @param database process id of PostgreSQL; undefined for the embedded database */
export function readCpu(server: number, database: number | undefined): CpuSplit {
  const main = readStats(server)?.cpuMs ?? 0;
  const { user, system } = process.cpuUsage();
  return {
    main,
    host: Math.max(0, treeCpuMs(server) - main),
    hostMain: childrenOf(server).reduce((sum, child) => sum + mainThreadCpuMs(child), 0),
    database: database === undefined ? 0 : treeCpuMs(database),
    load: (user + system) / 1000,
  };
}

/** CPU time of each part between two readings, divided by `count` frames, requests or seconds; ms. */
export function cpuEach(before: CpuSplit, after: CpuSplit, count: number): CpuSplit {
  const each = PARTS.map((part) => [part, count > 0 ? (after[part] - before[part]) / count : Number.NaN]);
  return Object.fromEntries(each) as Record<(typeof PARTS)[number], number>;
}
