import { LeanCrowd } from '../lean/crowd.ts';
import { pause, type Stretch, stretch } from '../lean/stretch.ts';
import type { SeededDatabase, SeededStudent } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';

/** Tickets live for 30 s: fetched in batches, each of which then connects. */
const AT_ONCE = 250;
/** Sockets opened before the first memory reading: one-time compilation and allocation belong to no socket. */
const FIRST = 20;

export interface ConnectionsPlan {
  readonly secs: number;
  readonly idleSecs: number;
  /** Wait for the aftermath of starting and connecting, s. */
  readonly settleSecs: number;
  /** Share of the sockets that stream. */
  readonly share: number;
  readonly fps: number;
  readonly jpegs: readonly Uint8Array[];
}

/** Memory of the main process, bytes. */
interface Memory {
  readonly resident: number;
  /** JavaScript heap in use, including external memory. */
  readonly heap: number;
}

export interface HeldSockets {
  readonly sockets: number;
  readonly baseline: Memory;
  readonly idle: Memory;
  /** From the first handshake of a batch to its last welcome, including database work. */
  readonly acceptedPerSecond: number;
  readonly atRest: Stretch;
  readonly streaming: Stretch;
  /** Frames rejected while streaming because they exceeded the stated rate. */
  readonly overRate: number;
  readonly errors: readonly string[];
}

const OVER_RATE = 'invigil_frames_dropped_total{reason="over_rate"}';

/** Measures a server with this many sockets: first idle, then with some of them streaming. */
export async function holdSockets(
  database: SeededDatabase,
  sockets: number,
  plan: ConnectionsPlan,
  say: (line: string) => void,
): Promise<HeldSockets> {
  const errors: string[] = [];
  const server = await SeededServer.start(database, { say, errors });
  const crowd = new LeanCrowd();
  try {
    const students = database.students[0]!.slice(0, sockets);
    await connect(server, crowd, students.slice(0, FIRST), plan);
    await pause(plan.settleSecs * 1000);
    const baseline = await memoryOf(server);
    const first = { count: crowd.students.length, ms: crowd.connectMs };
    await connect(server, crowd, students.slice(FIRST), plan);
    const count = crowd.students.length - first.count;
    const acceptedPerSecond = (count / (crowd.connectMs - first.ms)) * 1000;
    say(`${crowd.students.length} of ${sockets} sockets, ${acceptedPerSecond.toFixed(0)}/s`);
    await pause(plan.settleSecs * 1000);
    const atRest = await stretch(server, crowd, plan.idleSecs, 'nothing');
    const idle = await memoryOf(server);
    const dropped = (await server.metrics()).sum(OVER_RATE);
    crowd.begin({ kind: 'open', fps: plan.fps }, Math.ceil(sockets * plan.share));
    const streaming = await stretch(server, crowd, plan.secs);
    const overRate = (await server.metrics()).sum(OVER_RATE) - dropped;
    return {
      sockets: count,
      baseline,
      idle,
      acceptedPerSecond,
      atRest,
      streaming,
      overRate,
      errors: [...errors, ...crowd.errors],
    };
  } finally {
    crowd.close();
    await server.stop();
  }
}

async function connect(
  server: SeededServer,
  crowd: LeanCrowd,
  students: readonly SeededStudent[],
  { jpegs }: ConnectionsPlan,
): Promise<void> {
  for (let from = 0; from < students.length; from += AT_ONCE)
    await crowd.connect(server, students.slice(from, from + AT_ONCE), [jpegs]);
}

async function memoryOf(server: SeededServer): Promise<Memory> {
  const metrics = await server.metrics();
  return {
    resident: server.memory().main,
    heap: metrics.sum('nodejs_heap_size_used_bytes') + metrics.sum('nodejs_external_memory_bytes'),
  };
}
