import { expect, test } from 'vitest';
import { StallWatch } from './stall-watch.ts';

const EVERY = 15_000;

/** @returns when the line is given up, ms; undefined if it is not within ten minutes */
function watch(watching: { heardAt?: readonly number[]; buffered?: number; stepMs?: number; speaksEvery?: number }) {
  const { heardAt = [], buffered = 0, stepMs = 1000, speaksEvery = EVERY } = watching;
  const stall = new StallWatch(20_000);
  for (let now = 0; now < 600_000; now += stepMs) {
    if (heardAt.some((at) => at > now - stepMs && at <= now)) stall.heard();
    if (stall.stalled(buffered, 0, now, speaksEvery)) return now;
  }
  return undefined;
}

test('C17: a quiet connection is given up after two missing times, though nothing is on the way', () => {
  expect(watch({})).toBe(30_000);
});

test('C17: a connection on which only times arrive is kept', () => {
  expect(watch({ heardAt: Array.from({ length: 40 }, (_, i) => i * EVERY) })).toBeUndefined();
});

test('C17: the silence of an older server, which sends no times, says nothing', () => {
  expect(watch({ speaksEvery: Number.POSITIVE_INFINITY })).toBeUndefined();
});

test('C17: after a sleep the messages that arrived meanwhile are read first', () => {
  const stall = new StallWatch(20_000);
  expect(stall.stalled(0, 0, 0, EVERY)).toBe(false);
  expect(stall.stalled(0, 0, 3_600_000, EVERY)).toBe(false);
  stall.heard();
  expect(stall.stalled(0, 0, 3_601_000, EVERY)).toBe(false);
});
