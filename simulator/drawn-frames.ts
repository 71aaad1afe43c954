import { availableParallelism } from 'node:os';
import { startThread } from '../models/module-path.ts';
import type { ClipName } from './draw/clips.ts';
import { type FrameSource, sourceOf } from './frames.ts';

const MAX_WORKERS = 8;

/** To a drawing thread: its scenes and the clips of each, most urgent first. */
export interface DrawJob {
  readonly seeds: readonly number[];
  readonly names: readonly ClipName[];
}

/** From a drawing thread: one clip of one scene. */
export interface DrawnClip {
  readonly seed: number;
  readonly name: ClipName;
  readonly frames: readonly Uint8Array[];
}

export interface Drawing {
  /** Ready once every scene has an attentive clip, which replaces clips not drawn yet. */
  readonly usable: Promise<FrameSource>;
  /** Ready once everything is drawn and the threads have ended. */
  readonly complete: Promise<FrameSource>;
}

/**
 * Draws scenes 1..count in threads, about one core-second per scene: a measurement waits for `complete`.
 * @param names must include `attentive`
 */
export function drawScenes(
  count: number,
  names: readonly ClipName[],
  progress: (drawn: number, of: number) => void,
): Drawing {
  const sets = Array.from({ length: count }, (): Partial<Record<ClipName, readonly Uint8Array[]>> => ({}));
  const later = new Map<string, Promise<void>>();
  const drawLater = (student: number, name: ClipName): Promise<void> => {
    const seed = (student % count) + 1;
    const key = `${seed} ${name}`;
    let drawing = sets[seed - 1]![name] ? Promise.resolve() : later.get(key);
    if (!drawing) {
      drawing = draw({ seeds: [seed], names: [name] }, ({ frames }) => void (sets[seed - 1]![name] = frames));
      later.set(key, drawing);
    }
    return drawing;
  };
  const source = sourceOf(`${count} drawn scenes`, sets, drawLater);
  const urgent = [...names].sort((a, b) => Number(b === 'attentive') - Number(a === 'attentive'));
  const seeds = sets.map((_, index) => index + 1);
  const workers = Math.min(count, availableParallelism(), MAX_WORKERS);
  let drawn = 0;
  let becomeUsable: (source: FrameSource) => void = () => {};
  const usable = new Promise<FrameSource>((resolve) => {
    becomeUsable = resolve;
  });
  const keep = ({ seed, name, frames }: DrawnClip): void => {
    sets[seed - 1]![name] = frames;
    progress(++drawn, count * names.length);
    if (name === 'attentive' && sets.every((set) => set.attentive)) becomeUsable(source);
  };
  const shares = Array.from({ length: workers }, (_, worker) => seeds.filter((seed) => seed % workers === worker));
  const complete = Promise.all(shares.map((share) => draw({ seeds: share, names: urgent }, keep))).then(() => source);
  return { usable: Promise.race([usable, complete]), complete };
}

function draw(job: DrawJob, keep: (clip: DrawnClip) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = startThread('simulator/draw-worker', { workerData: job });
    worker.on('message', keep);
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`a drawing thread ended with code ${code}`)),
    );
  });
}
