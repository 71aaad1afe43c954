import { parentPort, workerData } from 'node:worker_threads';
import { clips } from './draw/clips.ts';
import { createScene } from './draw/scene.ts';
import type { DrawJob, DrawnClip } from './drawn-frames.ts';

/** Entry point of a drawing thread: draws the clips named in its data and exits. */

if (!parentPort) throw new Error('draw-worker.ts is a thread of drawn-frames.ts');
const { seeds, names } = workerData as DrawJob;
const scenes = seeds.map((seed) => ({ seed, drawn: clips(createScene(seed)) }));
for (const name of names) {
  for (const { seed, drawn } of scenes) {
    // Copies: an encoder's own memory cannot be posted.
    const frames = drawn[name].map((jpeg) => new Uint8Array(jpeg));
    parentPort.postMessage({ seed, name, frames } satisfies DrawnClip);
  }
}
