import { drawScenes } from './drawn-frames.ts';
import { framesFromFolder } from './folder-frames.ts';
import type { FrameSource } from './frames.ts';

/** From a folder when one is named, else drawn; all in memory when this resolves. */
export async function openFrames({ frames, scenes }: { frames: string | undefined; scenes: number }, print: (line: string) => void): Promise<FrameSource> {
  if (frames) return framesFromFolder(frames, print);
  const began = performance.now();
  const source = await drawScenes(scenes, (drawn, of) => {
    if (drawn === 1 || drawn === of || drawn % 4 === 0) print(`drawing: scene ${drawn} of ${of}`);
  });
  print(`${scenes} scenes drawn in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return source;
}
