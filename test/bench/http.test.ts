import { expect, test } from 'vitest';
import type { BenchOptions } from '../../bench/benchmark.ts';
import { http } from '../../bench/http/http.ts';

test('HTTP benchmark: requests are answered and counted by kind, on the embedded database', async () => {
  const { figures, errors, input } = await http.run({ secs: 0.3, rounds: 1, sessions: 4 } as BenchOptions, () => {});
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ rounds: 1, contenders: expect.arrayContaining(['invigil, PGlite']) });
  const own = figures.filter(({ name }) => name.startsWith('invigil, PGlite'));
  expect(own.map(({ name, unit }) => `${name}: ${unit}`)).toEqual(
    ['GET /', 'GET /exams/', 'POST /events/'].flatMap((work) => [
      `invigil, PGlite, ${work}: requests/s`,
      `invigil, PGlite, ${work}: requests/CPU s`,
    ]),
  );
  for (const { value } of own.filter(({ unit }) => unit === 'requests/s')) expect(value).toBeGreaterThan(0);
});
