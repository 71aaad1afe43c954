import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIRECTIONS } from '../../../protocol/request-kinds.ts';
import { seeded } from '../../../simulator/draw/prng.ts';
import { cryptoRandom, drawDirection, untilNext } from './chance.ts';

const HOUR_MS = 3_600_000;

test('R2: head turns come as often as the policy says, on average, and never within 90 s of each other', () => {
  const random = seeded(7);
  for (const perHour of [0.5, 2, 12]) {
    const times = Array.from({ length: 4000 }, () => untilNext(perHour, random));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(90_000);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    // Times beyond three times the mean are cut.
    expect((mean * perHour) / HOUR_MS).toBeGreaterThan(0.9);
    expect((mean * perHour) / HOUR_MS).toBeLessThan(1.02);
  }
});

test('R2: the time until the next head turn is bounded for every draw', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 12, noNaN: true }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (rate, draw) => {
        const time = untilNext(rate, () => draw);
        expect(time).toBeGreaterThanOrEqual(90_000);
        expect(time).toBeLessThanOrEqual(90_000 + (3 * HOUR_MS) / rate + 1);
      },
    ),
  );
});

test('R2: each side is drawn as often as the others, and never the one before', () => {
  const random = seeded(11);
  const counts = new Map<string, number>();
  for (let i = 0; i < 3000; i++) {
    const one = drawDirection(random);
    counts.set(one, (counts.get(one) ?? 0) + 1);
    expect(drawDirection(random, one)).not.toBe(one);
  }
  for (const direction of DIRECTIONS) expect(counts.get(direction)).toBeGreaterThan(900);
});

test('R2: draws are those of the system, from 0 to 1', () => {
  const draws = Array.from({ length: 1000 }, cryptoRandom);
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  expect(new Set(draws).size).toBe(1000);
});
