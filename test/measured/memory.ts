import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readStats } from '../../simulator/server/process-stats.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident memory of a process, bytes; 0 without /proc. */
export const memoryOf = (pid: number): number => readStats(pid)?.rss ?? 0;

const SETTLE_MS = 200;
const LOOKS = 5;

/** Minimum of several readings, after garbage collections in this process: memory that stays in use. */
export async function settled(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look++) {
    if (pid === process.pid) collect();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    least = Math.min(least, memoryOf(pid));
  }
  return least;
}
