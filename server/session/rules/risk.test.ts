import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Policy } from '../../../protocol/policy.ts';
import { addWeight, levelOf, type RiskState, riskView, rollingAt, weightOf } from './risk.ts';

const POLICY = Policy.parse({});
const HALF_LIFE = 300_000;
const ZERO: RiskState = { score: 0, rolling: 0, at: 0 };

describe('the score (E4)', () => {
  test('is the plain sum of weights, whenever they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 10 ** 7 }))),
        (events) => {
          const end = events.reduce((state, [weight, at]) => addWeight(POLICY, state, weight, at), ZERO);
          expect(end.score).toBe(events.reduce((sum, [weight]) => sum + weight, 0));
        },
      ),
    );
  });

  test.each([
    [0, 'Low'],
    [4.99, 'Low'],
    [5, 'Medium'],
    [9.99, 'Medium'],
    [10, 'High'],
    [1000, 'High'],
  ])('%d is %s', (score, level) => {
    expect(levelOf(POLICY, score)).toBe(level);
  });

  test('has the levels of its policy', () => {
    expect(levelOf(Policy.parse({ levels: { medium: 2, high: 3 } }), 2.5)).toBe('Medium');
  });

  test('gives unknown types the weight of the policy', () => {
    expect(weightOf(POLICY, 'TAB_SWITCH')).toBe(3);
    expect(weightOf(POLICY, 'MY_SIGNAL')).toBe(1);
    expect(weightOf(POLICY, 'toString')).toBe(1);
    expect(weightOf(Policy.parse({ unknownWeight: 7 }), 'MY_SIGNAL')).toBe(7);
    expect(weightOf(POLICY, 'CONNECTION_LOST')).toBe(0);
  });
});

describe('the rolling risk (E4)', () => {
  const state = addWeight(POLICY, ZERO, 8, 1000);

  test('halves with each half-life', () => {
    expect([0, 1, 2, 3].map((n) => rollingAt(POLICY, state, 1000 + n * HALF_LIFE))).toEqual([8, 4, 2, 1]);
    expect(rollingAt(POLICY, state, 1000 + HALF_LIFE / 2)).toBeCloseTo(8 / Math.SQRT2, 12);
    expect(rollingAt(Policy.parse({ halfLifeSeconds: 1 }), state, 2000)).toBe(4);
  });

  test('adds a weight to what is left', () => {
    const later = addWeight(POLICY, state, 3, 1000 + HALF_LIFE);
    expect(later).toEqual({ score: 11, rolling: 7, at: 1000 + HALF_LIFE });
  });

  test('is the same whether it is read in between or not', () => {
    const twice = addWeight(POLICY, addWeight(POLICY, state, 0, 100_000), 0, 250_000);
    expect(twice.rolling).toBeCloseTo(rollingAt(POLICY, state, 250_000), 12);
  });

  test('is not raised by a clock that goes back, nor lowered twice when it comes again', () => {
    expect(rollingAt(POLICY, state, -HALF_LIFE)).toBe(8);
    const back = addWeight(POLICY, state, 2, 1000 - HALF_LIFE);
    expect(back).toEqual({ score: 10, rolling: 10, at: 1000 });
  });

  test('is between zero and the score', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.integer({ min: -1000, max: 10 ** 9 })), {
          maxLength: 30,
        }),
        (events) => {
          const end = events.reduce((risk, [weight, at]) => addWeight(POLICY, risk, weight, at), ZERO);
          expect(end.rolling).toBeGreaterThanOrEqual(0);
          expect(end.rolling).toBeLessThanOrEqual(end.score + 1e-9);
        },
      ),
    );
  });

  test('is rounded to a thousandth for display', () => {
    expect(riskView(POLICY, state, 1000 + HALF_LIFE / 2)).toEqual({ score: 8, rolling: 5.657, level: 'Medium' });
  });
});
