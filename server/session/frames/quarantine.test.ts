import { expect, test } from 'vitest';
import { Quarantine } from './quarantine.ts';

test('three ends of the host within a minute put a session in quarantine, and only the third says so', () => {
  const quarantine = new Quarantine(false);
  expect([0, 20_000, 59_000, 59_500].map((at) => quarantine.countLoss(at))).toEqual([false, false, true, false]);
  expect(quarantine.isActive).toBe(true);
});

test('ends of the host more than a minute apart do not add up to a quarantine', () => {
  const quarantine = new Quarantine(false);
  expect([0, 30_000, 60_000, 90_001].map((at) => quarantine.countLoss(at))).toEqual([false, false, false, false]);
});

test('a session is analysed alone for a minute after an end of the host', () => {
  const quarantine = new Quarantine(false);
  expect(quarantine.isSuspect(0)).toBe(false);
  quarantine.countLoss(1000);
  expect([60_999, 61_000].map((now) => quarantine.isSuspect(now))).toEqual([true, false]);
});

test('a quarantine that a person lifts forgets the losses that led to it', () => {
  const quarantine = new Quarantine(true);
  quarantine.countLoss(0);
  quarantine.lift();
  expect([quarantine.isActive, quarantine.isSuspect(1)]).toEqual([false, false]);
});
