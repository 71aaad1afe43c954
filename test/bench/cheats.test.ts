import { expect, test } from 'vitest';
import { cheatsBenchmark } from '../../bench/cheats/cheats-benchmark.ts';
import { cheatsOf } from '../../bench/cheats/cheats.ts';

test('at least 40 scripted cheats are noticed as what they are and rank above every honest sitting, which stay calm', async () => {
  const { figures, text } = await cheatsBenchmark.run(
    { sessions: 20, secs: 1800, frames: undefined, fps: undefined, data: undefined, limit: undefined },
    () => {},
  );
  const value = (name: string) => figures.find((one) => one.name === name)?.value;
  expect(cheatsOf(0).length).toBeGreaterThanOrEqual(40);
  expect(value('never noticed'), text).toBe(0);
  expect(value('ranked below an honest sitting'), text).toBe(0);
  expect(value('AUC')).toBe(1);
  expect(value('honest: that reach high'), text).toBe(0);
  expect(value('honest: attention at the end, p50')).toBeLessThan(15);
});
