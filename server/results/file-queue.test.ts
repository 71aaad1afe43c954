import { expect, test } from 'vitest';
import { FileQueue } from './file-queue.ts';

const STAYS = new AbortController().signal;

/** A queue whose files end when the test says so. @returns names of the started files, in order */
function scene(limits?: ConstructorParameters<typeof FileQueue>[0]) {
  const queue = new FileQueue(limits);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string, { isLarge = false, person = name, left = STAYS } = {}) =>
    queue.run({ person, isLarge, left }, () => {
      started.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  return { started, ask, end: (name: string) => ends.get(name)?.() };
}

test('a person has at most one file, waiting or running; more are rate_limited with a time to retry', async () => {
  const { ask, end } = scene();
  const first = ask('first', { person: 'ann' });
  await expect(ask('second', { person: 'ann' })).rejects.toMatchObject({
    code: 'rate_limited',
    retryable: true,
    retryAfterSeconds: 5,
  });
  await Promise.resolve();
  end('first');
  expect(await first).toBe('first');
  const third = ask('third', { person: 'ann' });
  await Promise.resolve();
  end('third');
  expect(await third).toBe('third');
});

test('large files use one place of two: a small one asked for later is not behind them', async () => {
  const { ask, started } = scene();
  for (const name of ['large 1', 'large 2', 'large 3']) void ask(name, { isLarge: true });
  void ask('small');
  await Promise.resolve();
  expect(started).toEqual(['large 1', 'small']);
});

test('beyond the places and the waiting ones, a file is refused as unavailable with a time to retry', async () => {
  const { ask } = scene({ places: 1, large: 1, waiting: 2 });
  for (const name of ['a', 'b', 'c']) void ask(name);
  await expect(ask('d')).rejects.toMatchObject({ code: 'unavailable', retryable: true, retryAfterSeconds: 5 });
});

test('a client that leaves gives up its place, and the next one moves up', async () => {
  const { ask, started, end } = scene({ places: 1, large: 1, waiting: 2 });
  const client = new AbortController();
  void ask('a');
  const gone = ask('b', { left: client.signal });
  void ask('c');
  client.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  void ask('d');
  await expect(ask('e')).rejects.toMatchObject({ code: 'unavailable' });
  end('a');
  await expect.poll(() => started).toEqual(['a', 'c']);
});

test('a file whose work fails frees its place and its person', async () => {
  const queue = new FileQueue({ places: 1, large: 1, waiting: 1 });
  const failing = queue.run({ person: 'ann', isLarge: true, left: STAYS }, () => Promise.reject(new Error('disk')));
  await expect(failing).rejects.toThrow('disk');
  expect(await queue.run({ person: 'ann', isLarge: true, left: STAYS }, () => Promise.resolve(1))).toBe(1);
});
