import { expect, test } from 'vitest';
import { ServerClock } from './server-clock.ts';

const T0 = Date.parse('2026-01-01T10:00:00.000Z');
const iso = (ms: number) => new Date(T0 + ms).toISOString();

test('server time is unknown until the server has stated it', () => {
  expect(new ServerClock().at(1000)).toBeUndefined();
});

test('half the round trip is added to the stated time, and a monotonic clock counts on', () => {
  const clock = new ServerClock();
  clock.asked(1000);
  clock.answered(iso(0), 1400);
  expect(clock.at(1400)).toBe(T0 + 200);
  expect(clock.at(61_400)).toBe(T0 + 60_200);
});

test('the newest answer counts, also after a sleep in which the monotonic clock stood still', () => {
  const clock = new ServerClock();
  clock.asked(0);
  clock.answered(iso(0), 10);
  clock.asked(1000);
  clock.answered(iso(3_600_000), 9000);
  expect(clock.at(9000)).toBe(T0 + 3_604_000);
});

test('an unrequested message moves the clock forward only', () => {
  const clock = new ServerClock();
  clock.told(iso(500), 0);
  clock.told(iso(400), 1000);
  expect(clock.at(1000)).toBe(T0 + 1500);
  clock.told(iso(9000), 1000);
  expect(clock.at(1000)).toBe(T0 + 9000);
});
