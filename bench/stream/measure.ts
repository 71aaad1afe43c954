import type { CeilingLoops, CeilingSample } from '../ceiling.ts';
import type { FrameList } from '../frame-list.ts';
import { LeanCrowd } from '../lean/crowd.ts';
import { pause, type Stretch, stretch } from '../lean/stretch.ts';
import type { Loop } from '../lean/student.ts';
import { type SeededDatabase, seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { fullOf, LOAD, nameOf, roundOf, UNTHROTTLED_FPS, WARM_UP_MS, type Work } from './plan.ts';

export interface StreamPlan {
  readonly secs: number;
  readonly rounds: number;
  readonly sessions: readonly number[];
  /** Frames per second of each student in the open loop. */
  readonly fps: number;
  readonly frames: FrameList;
  readonly ceiling: CeilingLoops;
}

export interface StreamSamples {
  readonly health: Record<string, unknown>;
  /** One sample per round. */
  readonly ceiling: CeilingSample[];
  /** One sample per round, by the work's name. */
  readonly stretches: Map<string, Stretch[]>;
}

/** The whole server on one database, round by round, each with the models alone for comparison. */
export async function measureStream(
  databaseUrl: string | undefined,
  plan: StreamPlan,
  say: (line: string) => void,
  errors: string[],
): Promise<StreamSamples> {
  const label = databaseUrl === undefined ? 'PGlite' : 'PostgreSQL';
  const most = Math.max(...plan.sessions);
  const database = await seedDatabase(databaseUrl, [
    { students: most, policy: {}, fps: UNTHROTTLED_FPS },
    { students: most, policy: {}, fps: plan.fps },
  ]);
  let server: SeededServer | undefined;
  try {
    server = await SeededServer.start(database, { say, errors });
    const samples: StreamSamples = { health: await server.health(), ceiling: [], stretches: new Map() };
    for (let round = 1; round <= plan.rounds; round++) {
      const alone = await plan.ceiling.run('all three', plan.secs);
      samples.ceiling.push(alone);
      say(`${round}/${plan.rounds} ${label}, the models alone: ${alone.perSecond.toFixed(0)} frames/s`);
      let full = 0;
      for (const work of roundOf(plan.sessions)) {
        const measured = await one(server, database, work, { ...plan, full }, (error) =>
          errors.push(`${label}, ${nameOf(work, plan.fps)}: ${error}`),
        );
        if (work.kind === 'closed' && work.sessions === fullOf(plan.sessions)) full = measured.analysed;
        const name = nameOf(work, plan.fps);
        samples.stretches.set(name, [...(samples.stretches.get(name) ?? []), measured]);
        say(
          `${round}/${plan.rounds} ${label}, ${name}: ${measured.analysed.toFixed(0)} frames/s, p99 ${measured.p99?.toFixed(1)} ms`,
        );
      }
    }
    return samples;
  } finally {
    await server?.stop();
    await database.remove();
  }
}

interface Parts extends StreamPlan {
  /** Rate reached by the closed loop, frames/s. */
  readonly full: number;
}

async function one(
  server: SeededServer,
  { students }: SeededDatabase,
  { kind, sessions }: Work,
  { full, fps, frames, secs }: Parts,
  failed: (error: string) => void,
): Promise<Stretch> {
  const crowd = new LeanCrowd();
  try {
    await crowd.connect(server, (kind === 'open' ? students[1]! : students[0]!).slice(0, sessions), [frames.jpegs]);
    const loop: Loop =
      kind === 'closed' ? { kind } : { kind: 'open', fps: kind === 'open' ? fps : (LOAD * full) / sessions };
    crowd.begin(loop);
    await pause(Math.min(WARM_UP_MS, secs * 1000));
    return await stretch(server, crowd, secs);
  } finally {
    for (const error of crowd.errors) failed(error);
    crowd.close();
  }
}
