import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addedFolders } from '../models/folders.ts';
import '../models/no-telemetry.ts';
import { checkModels, type WorkerModels } from '../models/load.ts';
import { ModelUnavailable, shippedFolder } from '../models/manifest.ts';
import type { Benchmark, BenchOptions, BenchResult } from './benchmark.ts';
import { type Figure, figure } from './figure.ts';
import { spread } from './percentile.ts';
import { openFrames } from './simulator/frame-source.ts';
import type { FrameSource } from './simulator/frames.ts';

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './ceiling-worker.ts' : './ceiling-worker.js', import.meta.url);
const SCENES = 4;
const FRAMES_A_SCENE = 8;
const SECS = 3;

export const STEPS = ['decode', 'detect', 'pose', 'all three'] as const;
export type CeilingStep = (typeof STEPS)[number];

/** What a thread is given. */
export interface CeilingData {
  readonly models: WorkerModels;
  readonly frames: readonly Uint8Array[];
}

export interface CeilingJob {
  readonly step: CeilingStep;
  readonly secs: number;
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

/** How fast the models can be on this machine when nothing else is done: what no server on it can exceed. */
export const ceiling: Benchmark = {
  name: 'ceiling',
  about: 'the models in a tight loop without a server: decode, detect, pose, all three; on one thread and on all cores',
  run: async (options, say) => {
    const secs = options.secs ?? SECS;
    const source = await openFrames({ frames: options.frames, scenes: SCENES, students: SCENES, script: 'attentive' }, say).complete;
    const frames = framesOf(source);
    const cores = availableParallelism();
    const figures: Figure[] = [];
    const measured: string[] = [];
    for (const [face, gaze] of PAIRS) {
      const models = await modelsOf(face, gaze, say);
      if (!models) continue;
      measured.push(`${face}+${gaze}: ${models.loaded.map(({ name, version }) => `${name}@${version}`).join(', ')}`);
      for (const threads of new Set([1, cores])) {
        say(`${face}+${gaze} on ${threads === 1 ? 'one thread' : `${threads} threads`}, ${STEPS.length} steps of ${secs} s`);
        const label = `${face}+${gaze}, ${threads} thread${threads === 1 ? '' : 's'}`;
        figures.push(...(await measureThreads(label, threads, { models, frames }, secs)));
      }
    }
    return { input: describe(options, secs, source, frames.length, measured), figures, errors: [] } satisfies BenchResult;
  },
};

const describe = (options: BenchOptions, secs: number, source: FrameSource, count: number, pairs: readonly string[]) => ({
  secondsAStep: secs,
  frames: source.about,
  framesInTheLoop: count,
  meanFrameBytes: source.meanBytes,
  fromFolder: options.frames !== undefined,
  pairs,
});

/** One face each, so that every frame takes the whole way. */
function framesOf(source: FrameSource): Uint8Array[] {
  return Array.from({ length: SCENES * FRAMES_A_SCENE }, (_, i) => source.frame(i % SCENES, 'attentive', Math.floor(i / SCENES)));
}

/** Undefined when the weights are not there: only the project's own are shipped. */
async function modelsOf(face: string, gaze: string, say: (line: string) => void): Promise<Awaited<ReturnType<typeof checkModels>> | undefined> {
  const folders = [shippedFolder(), ...addedFolders(process.env)];
  try {
    return await checkModels({ folders, face, gaze });
  } catch (error) {
    if (!(error instanceof ModelUnavailable) || face === 'own') throw error;
    say(`${face}+${gaze} is left out: ${error.message}`);
    return undefined;
  }
}

async function measureThreads(label: string, threads: number, data: CeilingData, secs: number): Promise<Figure[]> {
  const workers = Array.from({ length: threads }, () => new Worker(ENTRY, { workerData: data }));
  try {
    await Promise.all(workers.map((worker) => answerOf(worker)));
    const figures: Figure[] = [];
    for (const step of STEPS) {
      const answers = await Promise.all(
        workers.map((worker) => {
          worker.postMessage({ step, secs } satisfies CeilingJob);
          return answerOf(worker) as Promise<CeilingAnswer>;
        }),
      );
      const { p50, p95 } = spread(answers.flatMap(({ times }) => times));
      const rate = answers.reduce((sum, { times, seconds }) => sum + times.length / seconds, 0);
      figures.push(
        figure(`${label}: ${step}`, rate, 'frames/s'),
        figure(`${label}: ${step}, p50`, p50, 'ms'),
        figure(`${label}: ${step}, p95`, p95, 'ms'),
      );
    }
    return figures;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with code ${code}`)));
  });
}
