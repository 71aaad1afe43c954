import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { addedFolders } from '../models/folders.ts';
import '../models/no-telemetry.ts';
import { checkModels, type WorkerModels } from '../models/load.ts';
import { ModelUnavailable, shippedFolder } from '../models/manifest.ts';
import { startThread } from '../models/module-path.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { type Figure, figure } from '../simulator/report/figure.ts';
import { facesOneEach, type FrameList } from './frame-list.ts';
import { spread } from '../simulator/report/percentile.ts';

const SECS = 3;
/** Per thread and step, before timing starts. */
const WARM_UP_RUNS = 10;

export const STEPS = ['decode', 'detect', 'pose', 'all three'] as const;
export type CeilingStep = (typeof STEPS)[number];

/** Data of a thread. */
export interface CeilingData {
  readonly models: WorkerModels;
  readonly frames: readonly Uint8Array[];
}

export interface CeilingJob {
  readonly step: CeilingStep;
  readonly secs: number;
  /** Before timing starts. */
  readonly warmUpRuns: number;
}

export interface CeilingAnswer {
  /** Time of each run, ms. */
  readonly times: readonly number[];
  readonly seconds: number;
}

/** Model pairs to try: face adapter, then pose adapter. */
const PAIRS = [
  ['own', 'own'],
  ['yunet', 'mesh'],
] as const;

/** Maximum speed of the models on this machine without other work: the upper bound for any server on it. */
export const ceiling: Benchmark = {
  name: 'ceiling',
  about:
    'models in a tight loop without a server: decoding, detection, pose and gaze, and all three; on one thread and on all cores',
  run: async (options, say) => {
    const secs = options.secs ?? SECS;
    const frames = await facesOneEach(options.frames, say);
    const cores = availableParallelism();
    const figures: Figure[] = [];
    const measured: string[] = [];
    for (const [face, gaze] of PAIRS) {
      const models = await modelsIfThere(face, gaze, say);
      if (!models) continue;
      measured.push(`${face}+${gaze}: ${models.loaded.map(({ name, version }) => `${name}@${version}`).join(', ')}`);
      for (const threads of new Set([1, cores])) {
        say(
          `${face}+${gaze} on ${threads === 1 ? 'one thread' : `${threads} threads`}, ${STEPS.length} steps of ${secs} s`,
        );
        const label = `${face}+${gaze}, ${threads} thread${threads === 1 ? '' : 's'}`;
        figures.push(...(await measureThreads(label, threads, { models, frames: frames.jpegs }, secs)));
      }
    }
    return {
      input: describe(secs, frames, options.frames !== undefined, measured),
      figures,
      errors: [],
    } satisfies BenchResult;
  },
};

const describe = (secs: number, frames: FrameList, fromFolder: boolean, pairs: readonly string[]) => ({
  secondsAStep: secs,
  frames: frames.about,
  framesInTheLoop: frames.jpegs.length,
  meanFrameBytes: frames.meanBytes,
  fromFolder,
  pairs,
});

/** Undefined without the weights: only the project's own are shipped. */
export async function modelsIfThere(
  face: string,
  gaze: string,
  say: (line: string) => void,
): Promise<Awaited<ReturnType<typeof checkModels>> | undefined> {
  const folders = [shippedFolder(), ...addedFolders(process.env)];
  try {
    return await checkModels({ folders, face, gaze });
  } catch (error) {
    if (!(error instanceof ModelUnavailable) || face === 'own') throw error;
    say(`${face}+${gaze} skipped: ${error.message}`);
    return undefined;
  }
}

async function measureThreads(label: string, threads: number, data: CeilingData, secs: number): Promise<Figure[]> {
  const loops = await CeilingLoops.open(threads, data);
  try {
    const figures: Figure[] = [];
    for (const step of STEPS) {
      const { perSecond, cpuMs, times } = await loops.run(step, secs);
      const { p50, p95 } = spread(times);
      figures.push(
        figure(`${label}: ${step}`, perSecond, 'frames/s'),
        figure(`${label}: ${step}, processor time`, cpuMs, 'ms a frame'),
        figure(`${label}: ${step}, p50`, p50, 'ms'),
        figure(`${label}: ${step}, p95`, p95, 'ms'),
      );
    }
    return figures;
  } finally {
    await loops.close();
  }
}

export interface CeilingSample {
  readonly perSecond: number;
  /** CPU time per frame, all threads. */
  readonly cpuMs: number;
  /** Wall clock of each frame, ms. */
  readonly times: readonly number[];
}

/**
 * Threads that keep the models open and are idle without requests, so that whole servers can be measured in between.
 */
export class CeilingLoops {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  static async open(threads: number, data: CeilingData): Promise<CeilingLoops> {
    const workers = Array.from({ length: threads }, () => startThread('bench/ceiling-worker', { workerData: data }));
    const loops = new CeilingLoops(workers);
    try {
      await Promise.all(workers.map((worker) => answerOf(worker)));
      return loops;
    } catch (error) {
      await loops.close();
      throw error;
    }
  }

  async run(step: CeilingStep, secs: number): Promise<CeilingSample> {
    const before = process.cpuUsage();
    const answers = await Promise.all(
      this.#workers.map((worker) => {
        worker.postMessage({ step, secs, warmUpRuns: WARM_UP_RUNS } satisfies CeilingJob);
        return answerOf(worker) as Promise<CeilingAnswer>;
      }),
    );
    const { user, system } = process.cpuUsage(before);
    const times = answers.flatMap((answer) => answer.times);
    // Warm-up runs are not timed but use CPU time.
    const runs = times.length + answers.length * WARM_UP_RUNS;
    return {
      perSecond: answers.reduce((sum, answer) => sum + answer.times.length / answer.seconds, 0),
      cpuMs: (user + system) / 1000 / runs,
      times,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread exited with code ${code}`)));
  });
}
