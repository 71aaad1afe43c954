import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADER_BYTES, MAX_FRAME_BYTES } from '../protocol/frame.ts';
import { type ClipName, clips } from './draw/clips.ts';
import { createScene } from './draw/scene.ts';
import { type FrameSource, sourceOf } from './frames.ts';

/**
 * File name prefixes and the clips for which they can be used. A clip takes the first kind available: averted eyes are
 * the closest replacement for a head turned away or down.
 */
const KINDS: Readonly<Record<string, readonly ClipName[]>> = {
  ONE: ['attentive'],
  NONE: ['empty'],
  MULTI: ['second'],
  EYES: ['down', 'away'],
  AWAY: ['away', 'down'],
};

/**
 * Reads a folder of JPEG files. Files with other names show an attentive person. @throws Error for a folder without any
 */
export async function framesFromFolder(folder: string, note: (text: string) => void): Promise<FrameSource> {
  const kinds = new Map<string, Uint8Array[]>();
  for (const name of (await readdir(folder)).filter((file) => /\.jpe?g$/i.test(file)).sort()) {
    const jpeg = await readFile(join(folder, name));
    if (jpeg.byteLength + HEADER_BYTES > MAX_FRAME_BYTES) {
      note(`${name} skipped: ${jpeg.byteLength} bytes exceed the maximum of ${MAX_FRAME_BYTES - HEADER_BYTES}`);
      continue;
    }
    const kind = Object.keys(KINDS).find((prefix) => name.startsWith(prefix)) ?? 'ONE';
    kinds.set(kind, [...(kinds.get(kind) ?? []), jpeg]);
  }
  const count = [...kinds.values()].flat().length;
  if (count === 0) throw new Error(`no usable .jpg files in ${folder}`);

  const standIn = (clip: ClipName) =>
    Object.keys(KINDS)
      .filter((kind) => kinds.has(kind) && KINDS[kind]?.includes(clip))
      .sort((a, b) => KINDS[a]!.indexOf(clip) - KINDS[b]!.indexOf(clip))
      .map((kind) => kinds.get(kind)!)[0] ?? [];
  const set = {
    attentive: kinds.get('ONE') ?? [...kinds.values()].flat(),
    away: standIn('away'),
    down: standIn('down'),
    second: standIn('second'),
    empty: standIn('empty'),
    // Photographs of a covered lens do not exist.
    covered: clips(createScene(1)).covered,
  };
  const missing = Object.entries(set).flatMap(([clip, frames]) => (frames.length === 0 ? [clip] : []));
  if (missing.length > 0) note(`no pictures for ${missing.join(', ')}: attentive ones are shown instead`);
  return sourceOf(`${count} JPEG files`, [set]);
}
