/**
 * Times the interval asked for that is far too long. The exam client lowers its rate to a quarter on a slow uplink
 * (`web/sdk/uplink-control.ts`) and sends no second frame behind one that is late: it stays under this on any line that
 * carries a frame every few seconds.
 */
const FACTOR = 6;
/** Shorter intervals, ms, are never too long: timers of a busy computer, and rates of many frames a second. */
const LEAST_MS = 3000;

/** Whether a frame came so long after the one before that most were left out. @param asked ms */
export const isFew = ({ interval, asked }: { readonly interval: number; readonly asked: number }): boolean =>
  interval > Math.max(LEAST_MS, FACTOR * asked);
