import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Period of the timer that measures this process's own delay, ms. */
const RESOLUTION_MS = 10;

/**
 * Starts measuring the delay of this process's own timers. @returns ends that and returns the 99th percentile, ms:
 * above some ms the other measurements are partly its own
 */
export function watchOwnDelay(): () => number {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    delay.disable();
    return Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
  };
}
