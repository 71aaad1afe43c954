import { describe, expect, test } from 'vitest';
import { LoadShedding } from './load-shedding.ts';

/** One measuring period with these waits (ms) and this many replaced frames. */
function period(rate: LoadShedding, waits: readonly number[], replaced = 0): boolean {
  for (const ms of waits) rate.waited(ms);
  for (let i = 0; i < replaced; i++) rate.replaced();
  return rate.step();
}

const BUSY = [500, 500];
const IDLE = [10, 20];

/** Lets the frames that waited come to their turn. */
function settle(rate: LoadShedding): void {
  period(rate, BUSY);
  period(rate, BUSY);
}

describe('the shared frame rate (F7)', () => {
  test('is full at first, and stays full while no frame waits', () => {
    const rate = new LoadShedding();
    expect(rate.scale).toBe(1);
    expect(period(rate, IDLE)).toBe(false);
    expect(period(rate, [])).toBe(false);
    expect(rate.scale).toBe(1);
  });

  test('falls by a fifth when frames wait too long, then leaves two periods for those that waited', () => {
    const rate = new LoadShedding();
    expect(period(rate, BUSY)).toBe(true);
    expect(rate.scale).toBeCloseTo(0.8);
    expect(period(rate, BUSY)).toBe(false);
    expect(period(rate, BUSY)).toBe(false);
    expect(rate.scale).toBeCloseTo(0.8);
    expect(period(rate, BUSY)).toBe(true);
    expect(rate.scale).toBeCloseTo(0.64);
  });

  test('falls when more than one frame in twenty is replaced before its turn', () => {
    const rate = new LoadShedding();
    period(rate, Array<number>(95).fill(10), 5);
    expect(rate.scale).toBe(1);
    period(rate, Array<number>(94).fill(10), 6);
    expect(rate.scale).toBeCloseTo(0.8);
  });

  test('falls to slightly below the rate of the models, by at most half in one step', () => {
    const sixty = new LoadShedding();
    period(sixty, Array<number>(60).fill(500), 40);
    expect(sixty.scale).toBeCloseTo(0.57);
    const ten = new LoadShedding();
    period(ten, Array<number>(10).fill(500), 90);
    expect(ten.scale).toBeCloseTo(0.5);
  });

  test('falls when frames arrive and none gets a turn: the host is down', () => {
    const rate = new LoadShedding();
    expect(period(rate, [], 10)).toBe(true);
    expect(rate.scale).toBeCloseTo(0.5);
  });

  test('does not change between busy and idle', () => {
    const rate = new LoadShedding();
    period(rate, BUSY);
    settle(rate);
    expect(period(rate, [250])).toBe(false);
    expect(rate.scale).toBeCloseTo(0.8);
  });

  test('recovers while no frame arrives: the next exam does not start at the rate of an overloaded one', () => {
    const rate = new LoadShedding();
    period(rate, BUSY);
    settle(rate);
    expect(period(rate, [])).toBe(true);
    expect(rate.scale).toBeCloseTo(0.88);
    period(rate, []);
    period(rate, []);
    expect(rate.scale).toBe(1);
    expect(period(rate, [])).toBe(false);
  });

  test('never falls below a tenth, and reports no change there', () => {
    const rate = new LoadShedding();
    for (let i = 0; i < 61; i++) period(rate, BUSY);
    expect(rate.scale).toBe(0.1);
    settle(rate);
    expect(period(rate, BUSY)).toBe(false);
  });

  test('recovers to exactly full when frames no longer wait', () => {
    const rate = new LoadShedding();
    for (let i = 0; i < 61; i++) period(rate, BUSY);
    settle(rate);
    const steps: number[] = [];
    while (period(rate, IDLE)) steps.push(rate.scale);
    expect(rate.scale).toBe(1);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(20);
  });

  test('settles near the capacity of the models, from twice that load', () => {
    const rate = new LoadShedding();
    const seen: number[] = [];
    for (let i = 0; i < 60; i++) {
      const due = Math.round(200 * rate.scale);
      const had = Math.min(due, 100);
      period(rate, Array<number>(had).fill(due > 100 ? 500 : 20), due - had);
      seen.push(rate.scale);
    }
    const rest = seen.slice(20);
    expect(Math.min(...rest)).toBeGreaterThan(0.38);
    expect(Math.max(...rest)).toBeLessThan(0.57);
  });

  test('depends on the current period only', () => {
    const rate = new LoadShedding();
    period(rate, [5000]);
    settle(rate);
    period(rate, IDLE);
    expect(rate.scale).toBeCloseTo(0.88);
  });
});
