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

test('F7: the pacer passes 2 of 100 offered frames per second', () => {
  const pacer = new Pacer();
  pacer.setRate(2, 0, 0);
  // The first one comes early by the tolerance, so one more fits in at the end.
  expect(run(pacer, 0, 60_000, 10)).toBe(121);
});

test('a timer at the rate that fires slightly early loses few frames, and the long-run rate is exact', () => {
  const pacer = new Pacer();
  pacer.setRate(2, 0, 0);
  expect(run(pacer, 0, 100_000, 499)).toBeGreaterThanOrEqual(197);
  expect(run(pacer, 100_000, 200_000, 460)).toBeLessThanOrEqual(201);
});

test('the pacer passes nothing before a rate is set or at rate 0, and starts with a rate', () => {
  const pacer = new Pacer();
  expect(pacer.ready(0)).toBe(false);
  pacer.setRate(0, 0, 0);
  expect(pacer.ready(1e9)).toBe(false);
  pacer.setRate(2, 0, 0);
  expect(pacer.ready(1e9)).toBe(true);
});

test('idle time does not accumulate in the pacer', () => {
  const pacer = new Pacer();
  pacer.setRate(2, 0, 0);
  pacer.sent(0);
  expect(run(pacer, 60_000, 60_400, 10)).toBe(1);
});

test('a faster rate applies from the last frame on', () => {
  const pacer = new Pacer();
  pacer.setRate(0.1, 0, 0);
  pacer.sent(0);
  pacer.setRate(2, 0, 0);
  expect(pacer.ready(400)).toBe(false);
  expect(pacer.ready(500)).toBe(true);
});

test('F7: a lower rate starts at a random phase, so that clients do not send at once', () => {
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
