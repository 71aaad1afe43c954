import { expect, test } from 'vitest';
import { Pacer } from './pacing.ts';

/** Offers a frame every `step` ms and counts those that may leave. */
function run(pacer: Pacer, from: number, to: number, step: number): number {
  let sent = 0;
  for (let now = from; now < to; now += step) {
    if (!pacer.ready(now)) continue;
    pacer.sent(now);
    sent++;
  }
  return sent;
}

test('F7: offered 100 frames/s, it lets 2 frames/s through', () => {
  const pacer = new Pacer();
  pacer.setRate(2, 0, 0);
  // The first one comes early by the tolerance, so one more fits in at the end.
  expect(run(pacer, 0, 60_000, 10)).toBe(121);
});

test('a timer at the rate that fires a little early loses hardly a frame, and the long-run rate holds', () => {
  const pacer = new Pacer();
  pacer.setRate(2, 0, 0);
  expect(run(pacer, 0, 100_000, 499)).toBeGreaterThanOrEqual(197);
  expect(run(pacer, 100_000, 200_000, 460)).toBeLessThanOrEqual(201);
});

test('nothing is sent before a rate is known, nor at rate 0, and sending begins when a rate comes', () => {
  const pacer = new Pacer();
  expect(pacer.ready(0)).toBe(false);
  pacer.setRate(0, 0, 0);
  expect(pacer.ready(1e9)).toBe(false);
  pacer.setRate(2, 0, 0);
  expect(pacer.ready(1e9)).toBe(true);
});

test('idle time is not saved up', () => {
  const pacer = new Pacer();
  pacer.setRate(2, 0, 0);
  pacer.sent(0);
  expect(run(pacer, 60_000, 60_400, 10)).toBe(1);
});

test('a faster rate counts from the last frame', () => {
  const pacer = new Pacer();
  pacer.setRate(0.1, 0, 0);
  pacer.sent(0);
  pacer.setRate(2, 0, 0);
  expect(pacer.ready(400)).toBe(false);
  expect(pacer.ready(500)).toBe(true);
});

test('F7: a lower rate begins at a random moment of its interval, so that all clients do not send at once', () => {
  const firsts = [0, 0.25, 0.5, 0.99].map((random) => {
    const pacer = new Pacer();
    pacer.setRate(1, 0, 0);
    pacer.sent(0);
    pacer.setRate(0.25, 500, random);
    let now = 500;
    while (!pacer.ready(now)) now += 10;
    return now;
  });
  // 4 s after the last frame at most, less the tolerance of a tenth.
  expect(firsts).toEqual([500, 1100, 2100, 3600]);
});
