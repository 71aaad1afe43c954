/** What was seen of the event loop of this process. */
export interface LoopGaps {
  /** Between two turns, ms. */
  readonly longest: number;
  /**
   * Processor time of this process between two turns, ms: what the longest would be on a machine that does nothing
   * else.
   */
  readonly longestCpu: number;
  /** Times that something else had its turn. */
  readonly turns: number;
}

/** How often the loop is looked at, ms. */
const EVERY_MS = 1;

/** Looks how long the event loop of this process is held. @returns ends it */
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
