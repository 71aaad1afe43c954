import { expect, test } from 'vitest';
import { lists } from '../../bench/lists/lists.ts';
import { PAGES } from '../../bench/lists/pages.ts';

test('every list answers with few and with many rows, and its times are compared', async () => {
  const { figures, errors } = await lists.run(
    {
      secs: undefined,
      frames: undefined,
      sessions: undefined,
      fps: undefined,
      data: undefined,
      limit: 1200,
      rounds: 2,
    },
    () => {},
  );
  expect(errors).toEqual([]);
  for (const { name } of PAGES)
    expect(figures.find((one) => one.name === `${name}: ratio`)?.value, name).toBeGreaterThan(0);
});
