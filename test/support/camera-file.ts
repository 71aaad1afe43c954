import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClipName, clips } from '../../bench/simulator/draw/clips.ts';
import { createScene } from '../../bench/simulator/draw/scene.ts';

/** The browser's fake camera plays so many frames a second, and begins again at the end. */
const FPS = 30;

/** Writes an MJPEG file of drawn clips, each for so many seconds, and says where it is. */
export function writeCamera(folder: string, ...parts: readonly (readonly [clip: ClipName, seconds: number])[]): string {
  const drawn = clips(createScene(5));
  const path = join(folder, 'camera.mjpeg');
  writeFileSync(path, Buffer.concat(parts.flatMap(([clip, seconds]) => Array.from({ length: seconds * FPS }, (_, i) => drawn[clip][(i >> 2) % drawn[clip].length]!))));
  return path;
}
