/** Measurements of this process's event loop. */
export interface LoopGaps {
  /** Between two turns, ms. */
  readonly longest: number;
  /** CPU time of this process between two turns, ms: the longest gap on an otherwise idle machine. */
  readonly longestCpu: number;
  /** Number of turns. */
  readonly turns: number;
}

/** Sampling interval of the loop, ms. */
const EVERY_MS = 1;

/** Measures how long the event loop of this process is blocked. @returns a function that ends the measurement */
export function watchLoop(): () => LoopGaps {
  let [longest, longestCpu, turns] = [0, 0, 0];
  let [last, cpu] = [performance.now(), process.cpuUsage()];
  const look = () => {
    const { user, system } = process.cpuUsage(cpu);
    longest = Math.max(longest, performance.now() - last);
    longestCpu = Math.max(longestCpu, (user + system) / 1000);
    [last, cpu] = [performance.now(), process.cpuUsage()];
    turns += 1;
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    return { longest, longestCpu, turns };
  };
}
