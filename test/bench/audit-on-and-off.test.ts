import { expect, test } from 'vitest';
import { onAndOff } from '../../bench/audit/on-and-off.ts';

test('audit benchmark: signals are acknowledged with and without the audit log', async () => {
  const errors: string[] = [];
  const figures = await onAndOff({ secs: 0.3, rounds: 1, sessions: 2, databaseUrl: undefined }, () => {}, errors);
  expect(errors).toEqual([]);
  expect(figures.map(({ name, unit }) => `${name}: ${unit}`)).toEqual([
    'PGlite, audit on: durable signals/s',
    'PGlite, audit on, p99 from send to acknowledgement: ms',
    'PGlite, audit off: durable signals/s',
    'PGlite, audit off, p99 from send to acknowledgement: ms',
    'PGlite, on beside off: x',
  ]);
  for (const { name, value } of figures) expect(value, name).toBeGreaterThan(0);
});
