import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { framesFromFolder } from './folder-frames.ts';

let folder: string;
const notes: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-frames-'));
  notes.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const fill = (...names: string[]) => Promise.all(names.map((name) => writeFile(join(folder, name), name)));
const open = () => framesFromFolder(folder, (note) => notes.push(note));
const text = (jpeg: Uint8Array) => Buffer.from(jpeg).toString();

test('the prefix of a file name selects the behaviour it shows', async () => {
  await fill('ONE_1.jpg', 'NONE_1.jpg', 'MULTI_1.jpg', 'AWAY_1.jpg', 'EYES_1.JPEG', 'notes.txt');
  const source = await open();
  const shown = (['attentive', 'empty', 'second', 'away', 'down'] as const).map((clip) =>
    text(source.frame(0, clip, 0)),
  );
  expect(shown).toEqual(['ONE_1.jpg', 'NONE_1.jpg', 'MULTI_1.jpg', 'AWAY_1.jpg', 'EYES_1.JPEG']);
  expect(source.frame(0, 'covered', 0).byteLength).toBeGreaterThan(1000);
  expect(notes).toEqual([]);
});

test('files with other names show an attentive person and replace missing behaviours', async () => {
  await fill('a.jpg', 'b.jpg');
  const source = await open();
  expect([0, 1, 2].map((n) => text(source.frame(0, 'attentive', n)))).toEqual(['a.jpg', 'b.jpg', 'a.jpg']);
  expect(text(source.frame(0, 'empty', 0))).toBe('a.jpg');
  expect(notes.join()).toContain('empty');
});

test('averted eyes replace a missing turned head', async () => {
  await fill('ONE_1.jpg', 'EYES_1.jpg');
  expect(text((await open()).frame(0, 'away', 0))).toBe('EYES_1.jpg');
});

test('students start at different frames', async () => {
  await fill('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg');
  const source = await open();
  expect([0, 1, 2].map((student) => text(source.frame(student, 'attentive', 0)))).toEqual(['a.jpg', 'd.jpg', 'c.jpg']);
});

test('an image above the frame limit is skipped, and a folder without images is refused', async () => {
  await writeFile(join(folder, 'ONE_big.jpg'), Buffer.alloc(256 * 1024));
  await expect(open()).rejects.toThrow('no usable .jpg');
  expect(notes.join()).toContain('ONE_big.jpg');
});
