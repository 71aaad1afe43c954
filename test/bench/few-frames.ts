import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';

/**
 * Folder of three drawn pictures of one attentive person, removed after the file's tests: drawing a whole set takes
 * seconds.
 */
export function fewFrames(): string {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-frames-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [index, jpeg] of clips(createScene(1)).attentive.slice(0, 3).entries())
    writeFileSync(join(folder, `ONE_${index}.jpg`), jpeg);
  return folder;
}
