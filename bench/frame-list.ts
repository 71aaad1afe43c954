import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFrames } from '../simulator/frame-source.ts';

const SCENES = 4;
const FRAMES_A_SCENE = 8;

/** Pictures played in a loop. */
export interface FrameList {
  /** Description for the report. */
  readonly about: string;
  readonly jpegs: readonly Uint8Array[];
  /** Mean size, bytes. */
  readonly meanBytes: number;
}

/**
 * Pictures with one face each, so that each passes through all models: drawn ones, or from a folder those of attentive
 * people.
 */
export async function facesOneEach(folder: string | undefined, say: (line: string) => void): Promise<FrameList> {
  const source = await openFrames({ frames: folder, scenes: SCENES, students: SCENES, script: 'attentive' }, say)
    .complete;
  const jpegs = Array.from({ length: SCENES * FRAMES_A_SCENE }, (_, i) =>
    source.frame(i % SCENES, 'attentive', Math.floor(i / SCENES)),
  );
  return listOf(folder ? `of ${source.about}, those with one face` : source.about, jpegs);
}

/** All pictures of a folder in order of their names, whatever their content. */
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
