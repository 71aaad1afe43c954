import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Refusals } from './refusals.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const limited = new ProtocolError('rate_limited', 'too many tries');

/** Refuses several times at once. @returns number of released refusals */
function refuse(refusals: Refusals, key: string, times: number, error = limited): () => number {
  let answered = 0;
  for (let n = 0; n < times; n++) void refusals.turn(key, error, performance.now()).then(() => (answered += 1));
  return () => answered;
}

test('a first refusal of a network is sent at once', async () => {
  const refusals = new Refusals();
  const once = refuse(refusals, '192.0.2.1', 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(once()).toBe(1);
});

test('refusals of a network are delayed after a hundred in a second, and those of others are not', async () => {
  const refusals = new Refusals();
  const many = refuse(refusals, '192.0.2.1', 100);
  const other = refuse(refusals, '198.51.100.7', 1);
  await vi.advanceTimersByTimeAsync(700);
  expect([many(), other()]).toEqual([40, 1]);
  await vi.advanceTimersByTimeAsync(600);
  expect(many()).toBe(100);
});

test('a refusal that is already late is not delayed further', async () => {
  const refusals = new Refusals();
  refuse(refusals, '192.0.2.1', 40);
  const since = performance.now();
  await vi.advanceTimersByTimeAsync(1500);
  refuse(refusals, '192.0.2.1', 40);
  let isAnswered = false;
  void refusals.turn('192.0.2.1', limited, since).then(() => (isAnswered = true));
  await vi.advanceTimersByTimeAsync(0);
  expect(isAnswered).toBe(true);
});

test('validation errors are never delayed', async () => {
  const refusals = new Refusals();
  const many = refuse(refusals, '192.0.2.1', 1000, new ProtocolError('malformed_body', 'not JSON'));
  await vi.advanceTimersByTimeAsync(0);
  expect(many()).toBe(1000);
});

test('at most 5000 refusals are delayed at a time', async () => {
  const refusals = new Refusals();
  const many = refuse(refusals, '192.0.2.1', 6000);
  await vi.advanceTimersByTimeAsync(0);
  expect(many()).toBe(1000);
});
