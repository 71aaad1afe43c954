import { LeanCrowd } from '../lean/crowd.ts';
import { pause, type Stretch, stretch } from '../lean/stretch.ts';
import type { Loop } from '../lean/student.ts';
import type { SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';

/** Interval between signals of one student, ms; the students take turns. */
const SIGNAL_MS = 1000;
/** Signals per second, all students together: as many at rest as under load. */
const SIGNALS = 50;

export interface OverloadPlan {
  readonly secs: number;
  /** Time for the shared rate to settle under load, s. */
  readonly settleSecs: number;
  /** Students of the closed loop that measures the capacity. */
  readonly fullSessions: number;
  /** Frames per second requested by each student's policy. */
  readonly fps: number;
  /** Offered load, as a multiple of the capacity. */
  readonly factor: number;
  readonly jpegs: readonly Uint8Array[];
}

export interface OverloadRound {
  /** Capacity, frames/s. */
  readonly most: number;
  /** Students that together offer this load. */
  readonly students: number;
  /** All of them connected, with signals but no frames. */
  readonly rest: Stretch;
  readonly load: Stretch;
  /** Peak memory of main process and host while the shared rate came down, sampled once a second, bytes. */
  readonly highest: { readonly main: number; readonly host: number };
}

type Groups = readonly [unthrottled: readonly SeededStudent[], ordinary: readonly SeededStudent[]];

/** Measures the capacity, then the same students at rest, then at ten times the capacity. */
export async function overloadRound(
  server: SeededServer,
  [unthrottled, ordinary]: Groups,
  plan: OverloadPlan,
  errors: string[],
): Promise<OverloadRound> {
  const most = await mostAnalysed(server, unthrottled, plan, errors);
  const students = Math.min(ordinary.length, Math.max(1, Math.ceil((plan.factor * most) / plan.fps)));
  const crowd = new LeanCrowd();
  try {
    await crowd.connect(server, ordinary.slice(0, students), [plan.jpegs]);
    signals(crowd);
    const rest = await stretch(server, crowd, plan.secs, 'acked');
    crowd.begin({ kind: 'open', fps: plan.fps } satisfies Loop);
    const highest = await settle(server, plan.settleSecs);
    const load = await stretch(server, crowd, plan.secs);
    return { most, students, rest, load, highest };
  } finally {
    errors.push(...crowd.errors.map((error) => `overload: ${error}`));
    crowd.close();
  }
}

async function mostAnalysed(
  server: SeededServer,
  students: readonly SeededStudent[],
  { fullSessions, secs, jpegs }: OverloadPlan,
  errors: string[],
): Promise<number> {
  const crowd = new LeanCrowd();
  try {
    await crowd.connect(server, students.slice(0, fullSessions), [jpegs]);
    crowd.begin({ kind: 'closed' });
    await pause(Math.min(1500, secs * 1000));
    return (await stretch(server, crowd, secs)).analysed;
  } finally {
    errors.push(...crowd.errors.map((error) => `closed loop: ${error}`));
    crowd.close();
  }
}

/** Some of the students send signals, spread evenly over the interval. */
function signals({ students }: LeanCrowd): void {
  const senders = students.slice(0, (SIGNALS * SIGNAL_MS) / 1000);
  for (const [index, student] of senders.entries())
    student.signalEvery(SIGNAL_MS, (index / senders.length) * SIGNAL_MS);
}

async function settle(server: SeededServer, secs: number): Promise<OverloadRound['highest']> {
  let highest = server.memory();
  for (let left = secs; left > 0; left -= 1) {
    await pause(Math.min(1, left) * 1000);
    const now = server.memory();
    highest = { main: Math.max(highest.main, now.main), host: Math.max(highest.host, now.host) };
  }
  return highest;
}
