import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HashThreads } from './hash-threads.ts';

const BUILT = existsSync(new URL('../../../dist/server/auth/passwords/hash-thread.js', import.meta.url));
const OPTIONS = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** Nice values of this process's threads. */
const niceValues = (): number[] =>
  readdirSync('/proc/self/task').map((thread) =>
    Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[16]),
  );

describe.runIf(process.platform === 'linux' && BUILT)('threads that hash passwords', () => {
  test('have a lower priority than the server, whose own is unchanged', async () => {
    const before = niceValues();
    await new HashThreads().run({ kind: 'hash', password: 'correct horse', options: OPTIONS });
    const after = niceValues();
    expect(after[0]).toBe(before[0]);
    expect(after.filter((nice) => nice > before[0]!)).toHaveLength(
      before.filter((nice) => nice > before[0]!).length + 1,
    );
  });

  test('are reused: no more threads than concurrent jobs', async () => {
    const threads = new HashThreads();
    const count = () => niceValues().filter((nice) => nice >= 5).length;
    const others = count();
    const stored = String(await threads.run({ kind: 'hash', password: 'correct horse', options: OPTIONS }));
    for (const password of ['correct horse', 'wrong horse', 'correct horse'])
      expect(await threads.run({ kind: 'verify', password, stored })).toBe(password === 'correct horse');
    expect(count()).toBe(others + 1);
  });

  test('report an error and continue with the next job', async () => {
    const threads = new HashThreads();
    await expect(threads.run({ kind: 'verify', password: 'x', stored: 'no hash' })).rejects.toThrow(Error);
    expect(await threads.run({ kind: 'hash', password: 'x', options: OPTIONS })).toMatch(/^\$argon2id\$/);
  });
});
