import pLimit from 'p-limit';
import { cpuEach, type CpuSplit } from '../cpu-meter.ts';
import { pause, period } from '../lean/stretch.ts';
import { watchOwnDelay } from '../own-delay.ts';
import type { SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';
import { SignalClient } from './signal-client.ts';

/** Signals in flight per student: rule S6. */
export const WINDOW = 64;
const CONNECT_AT_ONCE = 64;
/** Students per address, well below the server's limit. */
const STUDENTS_AN_ADDRESS = 1000;
/** Warm-up of the closed loop, ms. */
const WARM_UP_MS = 1000;

export interface SignalSample {
  /** Acknowledged, and therefore committed. */
  readonly perSecond: number;
  /** From send to acknowledgement, ms. */
  readonly latencies: readonly number[];
  /** CPU time per acknowledged signal, ms. */
  readonly cpu: CpuSplit;
  /** Events per transaction, from the server's metrics. */
  readonly aCommit: number;
  /** 99th percentile of the delay of this process's own timers, ms. */
  readonly ownDelay: number;
}

/**
 * Runs each student on their own socket with a full window of signals for this many seconds.
 * @param failed receives error messages
 */
export async function signalLoad(
  server: SeededServer,
  students: readonly SeededStudent[],
  secs: number,
  failed: (error: string) => void,
): Promise<SignalSample> {
  const clients: SignalClient[] = [];
  try {
    const limit = pLimit(CONNECT_AT_ONCE);
    const connect = async (student: SeededStudent, index: number): Promise<void> => {
      const ticket = await server.ticket(student);
      const from = `127.0.0.${2 + Math.floor(index / STUDENTS_AN_ADDRESS)}`;
      clients.push(await SignalClient.connect({ url: server.url, ticket, from }, WINDOW, failed));
    };
    await Promise.all(students.map((student, index) => limit(() => connect(student, index))));
    for (const client of clients) client.start();
    await pause(Math.min(WARM_UP_MS, secs * 1000));
    const sample = await measure(server, clients, secs);
    await Promise.all(clients.map((client) => client.stop()));
    return sample;
  } finally {
    for (const client of clients) client.close();
  }
}

async function measure(server: SeededServer, clients: readonly SignalClient[], secs: number): Promise<SignalSample> {
  const acked = () => clients.reduce((sum, client) => sum + client.acked, 0);
  const before = await server.metrics();
  const delayed = watchOwnDelay();
  for (const client of clients) client.takeLatencies();
  const [from, count, cpu] = [performance.now(), acked(), server.cpu()];
  await period(secs, acked);
  const [seconds, signals, cpuAfter] = [(performance.now() - from) / 1000, acked() - count, server.cpu()];
  const latencies = clients.flatMap((client) => client.takeLatencies());
  const ownDelay = delayed();
  const after = await server.metrics();
  const rise = (name: string): number => after.sum(name) - before.sum(name);
  const aCommit = rise('invigil_events_committed_total') / rise('invigil_commits_total{result="ok"}');
  return { perSecond: signals / seconds, latencies, cpu: cpuEach(cpu, cpuAfter, signals), aCommit, ownDelay };
}
