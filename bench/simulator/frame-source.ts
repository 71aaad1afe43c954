import { drawScenes } from './drawn-frames.ts';
import { framesFromFolder } from './folder-frames.ts';
import type { FrameSource } from './frames.ts';
import { clipsShown } from './scripts.ts';

export interface FrameChoice {
  /** Folder of JPEG files; undefined: draw. */
  readonly frames?: string | undefined;
  readonly scenes: number;
  readonly students: number;
  readonly script?: string | undefined;
}

/** From a folder when one is named, else drawn; all in memory when this resolves. */
export async function openFrames({ frames, scenes, students, script }: FrameChoice, print: (line: string) => void): Promise<FrameSource> {
  if (frames) return framesFromFolder(frames, print);
  const began = performance.now();
  const progress = (drawn: number, of: number): void => print(`drawing: scene ${drawn} of ${of}`);
  const source = await drawScenes(scenes, clipsShown(students, script), progress);
  print(`${scenes} scenes drawn in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return source;
}
