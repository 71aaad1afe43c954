import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClipName, clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';

/** Frame rate of the browser's fake camera, which loops at the end of the file. */
const FPS = 30;
/** Camera frames per drawn picture; people move no faster. */
const DRAWN_FOR = 4;

/**
 * Content of the camera picture and its duration in seconds: a drawn clip, or photos (JPEG, all of one size) shown for
 * one second each.
 */
export type CameraPart = readonly [pictures: ClipName | readonly Buffer[], seconds: number];

/** Writes an MJPEG file of these parts in order. @returns its path */
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
