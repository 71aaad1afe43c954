import { expect, test } from 'vitest';
import { KeyedMutex } from './keyed-mutex.ts';

/** Runs that wait to be let go, and what happened in order. */
function scene() {
  const turns = new KeyedMutex();
  const log: string[] = [];
  const release = new Map<string, () => void>();
  const take = (key: string, name: string, fails = false) =>
    turns.run(key, async () => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => release.set(name, resolve));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  return { log, take, go: (name: string) => release.get(name)!() };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('work of one key runs one after the other, in call order', async () => {
  const { log, take, go } = scene();
  const all = [take('k', 'a'), take('k', 'b')];
  await turn();
  expect(log).toEqual(['a begins']);
  go('a');
  await turn();
  go('b');
  expect(await Promise.all(all)).toEqual(['a', 'b']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('work of another key does not wait', async () => {
  const { log, take, go } = scene();
  const all = [take('k', 'a'), take('l', 'b')];
  await turn();
  expect(log).toEqual(['a begins', 'b begins']);
  go('b');
  go('a');
  await Promise.all(all);
});

test('work that fails rejects its own call, and the next one runs', async () => {
  const { take, go } = scene();
  const first = take('k', 'a', true);
  const second = take('k', 'b');
  const failed = expect(first).rejects.toThrow('a');
  await turn();
  go('a');
  await failed;
  await turn();
  go('b');
  expect(await second).toBe('b');
});
