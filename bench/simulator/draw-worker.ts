import { parentPort, workerData } from 'node:worker_threads';
import { clips } from './draw/clips.ts';
import { createScene } from './draw/scene.ts';
import type { DrawJob, DrawnScene } from './drawn-frames.ts';

/** Entry of one drawing thread: draws what its data name, scene by scene, and ends. */

if (!parentPort) throw new Error('draw-worker.ts is a thread of drawn-frames.ts');
const { seeds, names } = workerData as DrawJob;
for (const seed of seeds) {
  const scene = clips(createScene(seed));
  // Copies: an encoder's own memory cannot be posted.
  const set = Object.fromEntries(names.map((name) => [name, scene[name].map((jpeg) => new Uint8Array(jpeg))]));
  parentPort.postMessage({ seed, set } satisfies DrawnScene);
}
