import { expect, test } from 'vitest';
import { childrenOf, readStats } from './process-stats.ts';
import { growth, type ServerSample } from './server-watch.ts';

const samples = (seconds: number, rss: (t: number) => number): ServerSample[] =>
  Array.from({ length: seconds + 1 }, (_, t) => ({ t, main: { rss: rss(t), cpuMs: 0 }, host: { rss: 100, cpuMs: 0 } }));

test('growth is measured from 20 s after the start to the end', () => {
  // Filling caches before that is not growth.
  expect(
    growth(
      samples(60, (t) => 100 + Math.min(t, 20) * 10),
      'main',
    ),
  ).toEqual({ settled: 300, end: 300, share: 0 });
  expect(
    growth(
      samples(60, (t) => 100 + t),
      'main',
    )?.share,
  ).toBeCloseTo(157 / 120 - 1, 5);
});

test('a single garbage collection peak is ignored', () => {
  expect(
    growth(
      samples(60, (t) => (t === 59 ? 1000 : 100)),
      'main',
    )?.share,
  ).toBe(0);
});

test('a run that is too short gives no growth figure', () => {
  expect(
    growth(
      samples(25, () => 100),
      'main',
    ),
  ).toBeUndefined();
  expect(growth([], 'main')).toBeUndefined();
});

test.skipIf(process.platform !== 'linux')('reads memory, processor time and the parent of a process', () => {
  const own = readStats(process.pid);
  expect(own?.rss).toBeGreaterThan(2 ** 20);
  expect(own?.cpuMs).toBeGreaterThan(0);
  expect(childrenOf(process.ppid)).toContain(process.pid);
  expect(readStats(2 ** 22 + 1)).toBeUndefined();
});
