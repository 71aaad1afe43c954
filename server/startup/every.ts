import { systemTimers, type Timers } from '../clock.ts';

/** Repeats work until the signal is aborted. */
export function every(ms: number, signal: AbortSignal, work: () => void, timers: Timers = systemTimers): void {
  if (signal.aborted) return;
  signal.addEventListener('abort', timers.every(ms, work), { once: true });
}
