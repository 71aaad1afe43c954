import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Statistics of a process from Linux's /proc. */
export interface ProcessStats {
  /** Resident memory, bytes. */
  readonly rss: number;
  /** CPU time since the process started, user and system, all threads, ms. */
  readonly cpuMs: number;
}

export const canReadStats = (): boolean => existsSync('/proc/self/stat');

let tickMs: number | undefined;

/** Length of a clock tick, the unit of CPU time in /proc. */
function clockTickMs(): number {
  tickMs ??= 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return tickMs;
}

/**
 * Fields of /proc/PID/stat, or of a thread's, from the third on: the second, a name in brackets, may contain spaces.
 */
function statFields(pid: number, thread = ''): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/${thread}stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** CPU time of a process's first thread alone, ms; 0 without such a process. */
export function mainThreadCpuMs(pid: number): number {
  const fields = statFields(pid, `task/${pid}/`);
  return fields ? (Number(fields[11]) + Number(fields[12])) * clockTickMs() : 0;
}

/** Undefined without such a process. */
export function readStats(pid: number): ProcessStats | undefined {
  const fields = statFields(pid);
  if (!fields) return undefined;
  try {
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // utime and stime are fields 14 and 15.
    return { rss: Number(rss ?? 0) * 1024, cpuMs: (Number(fields[11]) + Number(fields[12])) * clockTickMs() };
  } catch {
    return undefined;
  }
}

/** Direct children. Not every kernel has its own list of them, so the parent of every process is read. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => statFields(candidate)?.[1] === String(pid));
}

/** CPU time of a process, all its descendants, and its children that have ended and were waited for, ms. */
export function treeCpuMs(pid: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const fields = statFields(Number(name));
      // utime, stime and those of ended children are fields 14 to 17.
      return fields
        ? [
            {
              pid: Number(name),
              parent: Number(fields[1]),
              ticks: Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]),
            },
          ]
        : [];
    });
  const below = (parent: number): number =>
    processes.filter((one) => one.parent === parent).reduce((sum, one) => sum + one.ticks + below(one.pid), 0);
  return ((processes.find((one) => one.pid === pid)?.ticks ?? 0) + below(pid)) * clockTickMs();
}
