import { expect, test } from 'vitest';
import { every } from './every.ts';
import { Shutdown, STAGES } from './shutdown.ts';

test('stages of a shutdown run in their fixed order, whatever the order in which parts were started', async () => {
  const shutdown = new Shutdown();
  const closed: string[] = [];
  for (const stage of STAGES.toReversed())
    shutdown.on(stage, async () => {
      await Promise.resolve();
      closed.push(stage);
    });
  await shutdown.run(100);
  expect(closed).toEqual(STAGES);
});

test('a stage that fails keeps no later stage from running, and its error is thrown', async () => {
  const shutdown = new Shutdown();
  let isClosed = false;
  shutdown.on('writes', () => Promise.reject(new Error('away')));
  shutdown.on('database', () => void (isClosed = true));
  await expect(shutdown.run(0)).rejects.toThrow('away');
  expect(isClosed).toBe(true);
});

test('a shutdown runs once', async () => {
  const shutdown = new Shutdown();
  let runs = 0;
  shutdown.on('database', () => void (runs += 1));
  await Promise.all([shutdown.run(0), shutdown.run(0)]);
  expect(runs).toBe(1);
});

test('storing gets at least 2 s, however short the drain time', async () => {
  const shutdown = new Shutdown();
  const times: unknown[] = [];
  shutdown.on('writes', (given) => void times.push(given));
  await shutdown.run(100);
  expect(times).toEqual([{ drainMs: 100, storeMs: 2000 }]);
});

test('periodic work ends when the shutdown begins', async () => {
  const shutdown = new Shutdown();
  let runs = 0;
  await new Promise<void>((resolve) =>
    every(1, shutdown.signal, () => {
      runs += 1;
      resolve();
    }),
  );
  await shutdown.run(0);
  const atEnd = runs;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(atEnd);
});
