/** Fields used of a Chromium trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  /** CPU time of the same. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface Tasks {
  readonly count: number;
  /** Longest one; null without any. */
  readonly wallMs: number | null;
  readonly cpuMs: number | null;
  /** CPU time of all. */
  readonly busyMs: number;
}

/** Tasks of a page's main thread: of the busiest one, since a browser keeps others in reserve. */
export function longestTasks(trace: Buffer): Tasks {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: readonly TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const measured = mains.map(({ pid, tid }) => {
    const tasks = traceEvents.filter(
      (event) => event.ph === 'X' && event.pid === pid && event.tid === tid && event.name === 'RunTask',
    );
    const longest = (times: readonly number[]) =>
      times.length === 0 ? null : times.reduce((most, time) => Math.max(most, time), 0) / 1000;
    const cpu = tasks.map(({ tdur = 0 }) => tdur);
    return {
      count: tasks.length,
      wallMs: longest(tasks.map(({ dur = 0 }) => dur)),
      cpuMs: longest(cpu),
      busyMs: cpu.reduce((sum, time) => sum + time, 0) / 1000,
    };
  });
  return measured.reduce((most, next) => (next.busyMs > most.busyMs ? next : most), {
    count: 0,
    wallMs: null,
    cpuMs: null,
    busyMs: 0,
  });
}
