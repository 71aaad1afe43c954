/** Wall time in milliseconds since 1970; a parameter wherever time decides, so that tests can move it. */
export type Clock = () => number;

type Cancel = () => void;

/** Timers that go with the clock; a parameter where periodic work or an expiry waits, so that tests can fire them. */
export interface Timers {
  every(ms: number, work: () => void): Cancel;
  after(ms: number, work: () => void): Cancel;
}

/** Those of the process. They do not keep it alive. */
export const systemTimers: Timers = {
  every(ms, work) {
    const timer = setInterval(work, ms).unref();
    return () => clearInterval(timer);
  },
  after(ms, work) {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
};
