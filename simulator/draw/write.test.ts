import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clips } from './clips.ts';
import { createScene } from './scene.ts';
import { write } from './write.ts';

describe('write', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'draw-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('writes one file per frame', async () => {
    const names = await write(['--seed', '2', '--clip', 'empty', '--out', join(folder, 'frames')]);
    expect(await readdir(join(folder, 'frames'))).toHaveLength(8);
    expect((await readFile(names[0]!)).equals(clips(createScene(2)).empty[0]!)).toBe(true);
  });

  it('writes an MJPEG stream with the frames in sequence, looped as requested', async () => {
    const file = join(folder, 'camera.mjpeg');
    await write(['--seed', '2', '--clip', 'covered', '--mjpeg', file, '--repeat', '2']);
    const once = Buffer.concat([...clips(createScene(2)).covered]);
    expect((await readFile(file)).equals(Buffer.concat([once, once]))).toBe(true);
  });

  it.each([
    [['--clip', 'dancing', '--out', 'x']],
    [['--seed', 'one', '--out', 'x']],
    [[]],
    [['--out', 'x', '--mjpeg', 'y']],
  ])('refuses %j', async (args) => {
    await expect(write(args)).rejects.toThrow(/usage/);
  });
});
