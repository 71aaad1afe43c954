import { expect, test } from 'vitest';
import { SILENT_MS, TICK_MS } from './capture-messages.ts';
import { SilenceWatch } from './silence-watch.ts';

/** @returns checks that found the camera silent, every `TICK_MS` for this long */
function checks(watch: SilenceWatch, from: number, ms: number, frames = false): number {
  let found = 0;
  for (let now = from; now <= from + ms; now += TICK_MS) {
    if (frames) watch.heard();
    if (watch.silent(now)) found += 1;
  }
  return found;
}

test('a camera without a frame for 5 s is silent, and again every 5 s', () => {
  const watch = new SilenceWatch();
  expect(checks(watch, 0, SILENT_MS - TICK_MS)).toBe(0);
  expect(checks(watch, SILENT_MS, 2 * SILENT_MS)).toBe(3);
});

test('a camera that delivers frames is not silent', () => {
  expect(checks(new SilenceWatch(), 0, 10 * SILENT_MS, true)).toBe(0);
});

test('a sleep of the computer is no silence of the camera, which then has its 5 s again', () => {
  const watch = new SilenceWatch();
  checks(watch, 0, 1000, true);
  expect(watch.silent(3_600_000)).toBe(false);
  expect(checks(watch, 3_600_000, 3 * TICK_MS)).toBe(0);
  expect(checks(watch, 3_600_000 + 4 * TICK_MS, SILENT_MS)).toBe(1);
});
