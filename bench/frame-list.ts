import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFrames } from '../simulator/frame-source.ts';

const SCENES = 4;
const FRAMES_A_SCENE = 8;

/** Pictures that are gone through round and round. */
export interface FrameList {
  /** In words, for the report. */
  readonly about: string;
  readonly jpegs: readonly Uint8Array[];
  /** Mean size, bytes. */
  readonly meanBytes: number;
}

/**
 * One face each, so that every picture takes the whole way through the models: drawn, or of a folder those of somebody
 * attentive.
 */
export async function facesOneEach(folder: string | undefined, say: (line: string) => void): Promise<FrameList> {
  const source = await openFrames({ frames: folder, scenes: SCENES, students: SCENES, script: 'attentive' }, say)
    .complete;
  const jpegs = Array.from({ length: SCENES * FRAMES_A_SCENE }, (_, i) =>
    source.frame(i % SCENES, 'attentive', Math.floor(i / SCENES)),
  );
  return listOf(folder ? `of ${source.about}, those of one face` : source.about, jpegs);
}

/** All pictures of a folder in the order of their names, whatever they show. */
export async function allOf(folder: string): Promise<FrameList> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  if (names.length === 0) throw new Error(`no .jpg files in ${folder}`);
  return listOf(
    `${names.length} JPEG files of ${basename(folder)}`,
    await Promise.all(names.map((name) => readFile(join(folder, name)))),
  );
}

const listOf = (about: string, jpegs: readonly Uint8Array[]): FrameList => ({
  about,
  jpegs,
  meanBytes: Math.round(jpegs.reduce((sum, { byteLength }) => sum + byteLength, 0) / jpegs.length),
});
