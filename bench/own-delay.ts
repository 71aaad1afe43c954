import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Period of the timer whose lateness is this process's own, ms. */
const RESOLUTION_MS = 10;

/**
 * How late this process's own timers are from now on. @returns ends that, with the 99th percentile, ms: above some ms
 * what it measured is partly its own
 */
export function watchOwnDelay(): () => number {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    delay.disable();
    return Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
  };
}
