/**
 * Writes a clip of a drawn scene: single JPEG files, or one motion JPEG stream for a browser's fake camera
 * (`--use-file-for-fake-video-capture`).
 *
 *   node dist/simulator/draw/write.js --seed 1 --clip attentive --out DIR
 *   node dist/simulator/draw/write.js --seed 1 --clip away --mjpeg FILE [--repeat 10]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CLIP_NAMES, type ClipName, clips } from './clips.ts';
import { createScene } from './scene.ts';

const USAGE = `usage: write --seed N --clip ${CLIP_NAMES.join('|')} (--out DIR | --mjpeg FILE) [--repeat N]`;

function isClip(name: string): name is ClipName {
  return CLIP_NAMES.some((known) => known === name);
}

/** @returns the frames' file names, none for a stream @throws Error on invalid arguments */
export async function write(args: readonly string[]): Promise<string[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      clip: { type: 'string', default: 'attentive' },
      out: { type: 'string' },
      mjpeg: { type: 'string' },
      repeat: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  const repeat = Number(values.repeat);
  if (!Number.isInteger(seed) || !Number.isInteger(repeat) || repeat < 1 || !isClip(values.clip))
    throw new Error(USAGE);
  if ((values.out === undefined) === (values.mjpeg === undefined)) throw new Error(USAGE);
  const frames = clips(createScene(seed))[values.clip];
  if (values.mjpeg !== undefined) {
    await writeFile(values.mjpeg, Buffer.concat(Array.from({ length: repeat }, () => frames).flat()));
    return [values.mjpeg];
  }
  const folder = values.out!;
  await mkdir(folder, { recursive: true });
  const names = frames.map((_, i) => join(folder, `${values.clip}-${seed}-${String(i).padStart(2, '0')}.jpg`));
  await Promise.all(names.map((name, i) => writeFile(name, frames[i]!)));
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const name of await write(process.argv.slice(2))) console.log(name);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
