import { expect, test } from 'vitest';
import { pause, period } from './stretch.ts';

test('a period in which nothing was counted lasts until something is', async () => {
  let counted = 5;
  void pause(60).then(() => (counted += 1));
  await period(0.01, () => counted);
  expect(counted).toBe(6);
});
