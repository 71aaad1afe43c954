import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

interface Report {
  readonly figures: readonly { readonly name: string; readonly value: number }[];
}

test('the rules keep less than 2 KiB a session more than those that judge single frames, and say what they cost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-rules-'));
  try {
    const file = join(folder, 'rules.json');
    // In processes of their own: the memory of other tests comes and goes. It exits with 1 also if a busy machine is slow.
    const arguments_ = ['dist/bench/main.js', 'rules', '--sessions', '4000', '--rounds', '1', '--json', file];
    const more: number[] = [];
    for (let i = 0; i < 3; i++) {
      await promisify(execFile)(process.execPath, arguments_).catch(() => undefined);
      const { figures } = JSON.parse(await readFile(file, 'utf8')) as Report;
      const value = (name: string) => figures.find((one) => one.name === name)?.value;
      expect(value('memory budget')).toBe(2048);
      expect(value('memory, before')).toBeGreaterThan(200);
      expect(value('rules and digest, more than before')).toBeGreaterThan(0);
      more.push(value('memory, more than before')!);
    }
    // What the engine compiles meanwhile adds up to a hundred bytes a session to some runs.
    expect(Math.min(...more)).toBeLessThan(2048);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
