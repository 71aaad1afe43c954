import { expect, test } from 'vitest';
import { makeEvent } from '../../../test/support/rows.ts';
import { Backlog, type Pressure } from './backlog.ts';

const entry = (details: Record<string, unknown> = {}) => ({
  events: [makeEvent('00000000-0000-4000-8000-000000000001', { details })],
});
/** 2048 + 1024 + `{}`. */
const EACH = 3074;

test('frames are dropped at a quarter of the backlog limit, signals held at the limit; each ends at half its mark (S9)', () => {
  const backlog = new Backlog(40 * EACH);
  const told: [Pressure, number][] = [];
  const all = Array.from({ length: 50 }, () => entry());
  backlog.onPressure = (pressure) => told.push([pressure, Math.round(backlog.bytes / EACH)]);
  for (const each of all) backlog.add(each);
  for (const each of all) backlog.remove([each]);
  expect(told).toEqual([
    ['frames', 10],
    ['signals', 40],
    ['frames', 19],
    ['none', 4],
  ]);
  expect(backlog.bytes).toBe(0);
  expect(backlog.pressure).toBe('none');
});

test('the size of a queued change includes the details of its events', () => {
  const backlog = new Backlog();
  backlog.add(entry({ text: 'x'.repeat(10_000) }));
  expect(backlog.bytes).toBe(EACH + 10_000 + 9);
  backlog.add({ events: [] });
  expect(backlog.bytes).toBe(EACH + 10_000 + 9 + 2048);
});

test('one change can take the backlog from empty to the limit, and back', () => {
  const backlog = new Backlog(10_000);
  const told: Pressure[] = [];
  backlog.onPressure = (pressure) => told.push(pressure);
  const big = entry({ text: 'x'.repeat(20_000) });
  backlog.add(big);
  backlog.remove([big, entry()]);
  expect(told).toEqual(['signals', 'none']);
});
