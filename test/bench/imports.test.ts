import { expect, test } from 'vitest';
import type { BenchOptions } from '../../bench/benchmark.ts';
import { imports } from '../../bench/imports.ts';

test('imports benchmark: each import is applied, and its times are measured, on the embedded database', async () => {
  const { figures, errors } = await imports.run({ limit: 60 } as BenchOptions, () => {});
  expect(errors).toEqual([]);
  const names = [
    'preview of new people',
    'new people',
    'unchanged people',
    'renamed people',
    'new enrolments',
    'unchanged enrolments',
  ];
  expect(figures.map(({ name, unit }) => [name, unit])).toEqual(
    names.flatMap((name) => [
      [`${name}: time`, 's'],
      [`${name}: CPU time of the server`, 's'],
    ]),
  );
  for (const { value } of figures) expect(value).toBeGreaterThanOrEqual(0);
});
