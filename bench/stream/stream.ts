import { availableParallelism } from 'node:os';
import type { Benchmark } from '../benchmark.ts';
import { CeilingLoops, modelsIfThere } from '../ceiling.ts';
import { facesOneEach } from '../frame-list.ts';
import { canReadStats } from '../../simulator/server/process-stats.ts';
import { figureTable } from '../../simulator/report/table.ts';
import { ratioFigures, stretchFigures, streamTable } from './figures.ts';
import { measureStream, type StreamPlan } from './measure.ts';
import { sessionsOf } from './plan.ts';

const SECS = 5;
const ROUNDS = 5;
/** Default rate of policies. */
const FPS = 2;

/** The whole path of a frame: a real server, its database, and sessions on separate sockets. */
export const stream: Benchmark = {
  name: 'stream',
  about:
    'a whole server compared with the models alone: analysed frames/s, latency, CPU time per frame by component; closed and open loop, 1 to 256 sessions',
  run: async ({ secs = SECS, rounds = ROUNDS, sessions: asked, fps = FPS, frames: folder }, say) => {
    if (!canReadStats()) throw new Error('processor time is read from /proc, which this system does not have');
    const {
      FACE_MODEL: face = 'own',
      GAZE_MODEL: gaze = 'own',
      DATABASE_URL: databaseUrl,
      INFERENCE_THREADS: threads,
    } = process.env;
    const models = await modelsIfThere(face, gaze, say);
    if (!models) throw new Error(`weights of ${face} and ${gaze} not found`);
    const errors: string[] = [];
    const frames = await facesOneEach(folder, say);
    const ceiling = await CeilingLoops.open(availableParallelism(), { models, frames: frames.jpegs });
    try {
      const plan: StreamPlan = { secs, rounds, sessions: sessionsOf(asked), fps, frames, ceiling };
      const measured = [];
      for (const url of databaseUrl ? [databaseUrl, undefined] : [undefined]) {
        measured.push({
          label: url === undefined ? 'PGlite' : 'PostgreSQL',
          samples: await measureStream(url, plan, say, errors),
        });
      }
      const ratios = measured.flatMap(({ label, samples }) => ratioFigures(label, samples, plan));
      return {
        input: {
          seconds: secs,
          rounds,
          sessions: plan.sessions,
          openLoopFps: fps,
          frames: frames.about,
          framesInTheLoop: frames.jpegs.length,
          meanFrameBytes: frames.meanBytes,
          inferenceThreads: threads ?? 'default',
          servers: measured.map(({ samples }) => samples.health),
        },
        figures: [...ratios, ...measured.flatMap(({ label, samples }) => stretchFigures(label, samples))],
        text: [
          ...measured.map(({ label, samples }) => streamTable(label, samples, plan)),
          'processor times are ms per frame\n',
          figureTable(ratios),
        ].join('\n\n'),
        errors,
      };
    } finally {
      await ceiling.close();
    }
  },
};
