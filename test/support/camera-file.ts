import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClipName, clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';

/** The browser's fake camera plays so many frames a second, and begins again at the end. */
const FPS = 30;
/** A drawn picture of a clip stays for so many frames; nobody moves faster. */
const DRAWN_FOR = 4;

/**
 * What the camera sees, and for how many seconds: a drawn clip, or photos (JPEG, all of one size), each for a second.
 */
export type CameraPart = readonly [pictures: ClipName | readonly Buffer[], seconds: number];

/** Writes an MJPEG file of these, one after the other, and says where it is. */
export function writeCamera(folder: string, ...parts: readonly CameraPart[]): string {
  const drawn = clips(createScene(5));
  const path = join(folder, 'camera.mjpeg');
  const play = ([shown, seconds]: CameraPart) => {
    const [pictures, stay] = typeof shown === 'string' ? [drawn[shown], DRAWN_FOR] : [shown, FPS];
    return Array.from({ length: seconds * FPS }, (_, i) => pictures[Math.floor(i / stay) % pictures.length]!);
  };
  writeFileSync(path, Buffer.concat(parts.flatMap(play)));
  return path;
}
