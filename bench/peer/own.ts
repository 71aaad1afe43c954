import { type Clips, LeanCrowd } from '../lean/crowd.ts';
import { pause, stretch } from '../lean/stretch.ts';
import { seedDatabase } from '../seeded/database.ts';
import { SeededServer } from '../seeded/server.ts';
import { UNTHROTTLED_FPS } from '../stream/plan.ts';
import { type FrameContender, WARM_UP_MS } from './contender.ts';

export interface OwnSide {
  readonly name: string;
  /** PostgreSQL server where databases can be created; undefined: the embedded database. */
  readonly databaseUrl: string | undefined;
  /** Selects the models. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The compiled server, with frames on sockets as in `stream`. @param most maximum number of students */
export async function ownContender(
  { name, databaseUrl, env }: OwnSide,
  most: number,
  clips: Clips,
  say: (line: string) => void,
): Promise<FrameContender> {
  const database = await seedDatabase(databaseUrl, [{ students: most, policy: {}, fps: UNTHROTTLED_FPS }]);
  const died: string[] = [];
  try {
    const server = await SeededServer.start(database, { env, say: (line) => say(`${name}: ${line}`), errors: died });
    const measure: FrameContender['measure'] = async (count, secs) => {
      const crowd = new LeanCrowd();
      try {
        await crowd.connect(server, database.students[0]!.slice(0, count), clips);
        crowd.begin({ kind: 'closed' });
        await pause(Math.min(WARM_UP_MS, secs * 1000));
        const { analysed, p50, p95, p99, cpu, followed, lost } = await stretch(server, crowd, secs);
        return {
          perSecond: analysed,
          p50,
          p95,
          p99,
          cpu,
          followed,
          errors: [...crowd.errors, ...died, ...(lost > 0 ? [`${lost} frames got no analysis`] : [])],
        };
      } finally {
        crowd.close();
      }
    };
    const stop = async (): Promise<void> => {
      await server.stop();
      await database.remove();
    };
    return { name, measure, stop };
  } catch (error) {
    await database.remove();
    throw error;
  }
}
