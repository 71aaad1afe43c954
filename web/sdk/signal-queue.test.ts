import { expect, test } from 'vitest';
import { SignalQueue, WINDOW } from './signal-queue.ts';

function filled(count: number): SignalQueue {
  const queue = new SignalQueue();
  for (let i = 1; i <= count; i++) queue.add({ signal: `S_${i}`, at: '2026-01-01T10:00:00.000Z' });
  return queue;
}

function take(queue: SignalQueue): string[] {
  const out: string[] = [];
  for (let next = queue.next(); next; next = queue.next()) out.push(`${next.seq}:${next.signal}`);
  return out;
}

test('S6: 64 go out, the rest wait for acknowledgements', () => {
  const queue = filled(100);
  expect(take(queue)).toHaveLength(WINDOW);
  queue.ack(10);
  expect(take(queue)).toEqual(Array.from({ length: 10 }, (_, i) => `${65 + i}:S_${65 + i}`));
  expect(queue.size).toBe(90);
});

test('S4: nothing is sent twice without a reconnect; after one it goes on from lastAck + 1', () => {
  const queue = filled(3);
  expect(take(queue)).toHaveLength(3);
  expect(take(queue)).toEqual([]);
  expect(queue.resume(1)).toBe(true);
  expect(take(queue)).toEqual(['2:S_2', '3:S_3']);
});

test('an acknowledgement of something never sent lets go of nothing', () => {
  const queue = filled(2);
  queue.next();
  queue.ack(2);
  expect(queue.size).toBe(2);
});

test('a welcome that fits no history of this stream is refused, and a restart numbers from 1', () => {
  const queue = filled(3);
  take(queue);
  queue.ack(2);
  expect(queue.resume(1)).toBe(false);
  expect(queue.resume(4)).toBe(false);
  queue.restart();
  expect(queue.resume(0)).toBe(true);
  expect(take(queue)).toEqual(['1:S_3']);
});

test('S7: a refused signal frees its number for the next', () => {
  const queue = filled(3);
  queue.next();
  expect(queue.drop(1)).toBe(false);
  expect(take(queue)).toEqual(['1:S_2', '2:S_3']);
  expect(queue.drop(1)).toBe(true);
  expect(queue.resume(0)).toBe(true);
  expect(take(queue)).toEqual(['1:S_3']);
});

test('an acknowledgement of the old connection counts on the new one', () => {
  const queue = filled(3);
  take(queue);
  queue.resume(0);
  queue.ack(2);
  expect(take(queue)).toEqual(['3:S_3']);
});
