import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ClipName } from './draw/clips.ts';
import { type ClipSet, type FrameSource, sourceOf } from './frames.ts';

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './draw-worker.ts' : './draw-worker.js', import.meta.url);
const MAX_WORKERS = 8;

/** To a drawing thread: the scenes that it draws, and of each which clips. */
export interface DrawJob {
  readonly seeds: readonly number[];
  readonly names: readonly ClipName[];
}

/** From a drawing thread: one scene. */
export interface DrawnScene {
  readonly seed: number;
  readonly set: ClipSet;
}

/**
 * Draws scenes 1..count in threads, all before the run: drawing takes about a second of a core a scene, which
 * a measurement must not pay for. The threads are gone afterwards.
 */
export async function drawScenes(
  count: number,
  names: readonly ClipName[],
  progress: (drawn: number, of: number) => void,
): Promise<FrameSource> {
  const workers = Math.min(count, availableParallelism(), MAX_WORKERS);
  const sets: ClipSet[] = [];
  let drawn = 0;
  const keep = ({ seed, set }: DrawnScene): void => {
    sets[seed - 1] = set;
    progress(++drawn, count);
  };
  const all = Array.from({ length: count }, (_, i) => i + 1);
  const shares = Array.from({ length: workers }, (_, worker) => all.filter((seed) => seed % workers === worker));
  await Promise.all(shares.map((seeds) => draw({ seeds, names }, keep)));
  return sourceOf(`${count} drawn scenes`, sets);
}

function draw(job: DrawJob, keep: (scene: DrawnScene) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(ENTRY, { workerData: job });
    worker.on('message', keep);
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a drawing thread ended with code ${code}`))));
  });
}
