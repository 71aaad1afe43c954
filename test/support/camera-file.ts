import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import jpegTurbo from '@julusian/jpeg-turbo';
import { type ClipName, clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';

/**
 * Frame rate of the browser's fake camera, which loops at the end of the file; drawn people move at this rate. A browser
 * decodes and draws every frame of a camera: at 30 of them a second it needs a fifth of a core. Not a multiple of the
 * rate of analysis: a clip that repeats would be a frozen picture.
 */
const FPS = 7;

/**
 * Content of the camera picture and its duration in seconds: a drawn clip, or photos (JPEG, all of one size) shown for
 * one second each.
 */
export type CameraPart = readonly [pictures: ClipName | readonly Buffer[], seconds: number];

/** Writes a YUV4MPEG2 file of these parts in order. @returns its path */
export function writeCamera(folder: string, ...parts: readonly CameraPart[]): string {
  const drawn = clips(createScene(5));
  const play = ([shown, seconds]: CameraPart) => {
    const [pictures, stay] = typeof shown === 'string' ? [drawn[shown], 1] : [shown, FPS];
    return Array.from({ length: seconds * FPS }, (_, i) => pictures[Math.floor(i / stay) % pictures.length]!);
  };
  const frames = parts.flatMap(play);
  const planes = new Map(frames.map((jpeg) => [jpeg, toPlanes(jpeg)]));
  const { width, height } = planes.get(frames[0]!)!;
  const path = join(folder, 'camera.y4m');
  const file = openSync(path, 'w');
  try {
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${FPS}:1 Ip A1:1 C420jpeg\n`);
    for (const jpeg of frames) {
      writeSync(file, 'FRAME\n');
      writeSync(file, planes.get(jpeg)!.data);
    }
  } finally {
    closeSync(file);
  }
  return path;
}

/** Y at full size, then U and V at half of it (BT.601, as Chromium reads such files: limited range). */
function toPlanes(jpeg: Buffer): { width: number; height: number; data: Buffer } {
  const { width, height, data: rgb } = jpegTurbo.decompressSync(jpeg, { format: jpegTurbo.FORMAT_RGB });
  const pixels = width * height;
  const data = Buffer.alloc((pixels * 3) / 2);
  for (let i = 0; i < pixels; i++)
    data[i] = 16.5 + 0.257 * rgb[i * 3]! + 0.504 * rgb[i * 3 + 1]! + 0.098 * rgb[i * 3 + 2]!;
  let u = pixels;
  let v = pixels + pixels / 4;
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const at = (y * width + x) * 3;
      const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
      data[u++] = 128.5 - 0.148 * r - 0.291 * g + 0.439 * b;
      data[v++] = 128.5 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  return { width, height, data };
}
