import { expect, test } from 'vitest';
import { SIGNAL_WINDOW } from '../../protocol/signal-data.ts';
import { SignalQueue } from './signal-queue.ts';

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

test('S6: at most 64 signals are sent before an acknowledgement', () => {
  const queue = filled(100);
  expect(take(queue)).toHaveLength(SIGNAL_WINDOW);
  queue.ack(10);
  expect(take(queue)).toEqual(Array.from({ length: 10 }, (_, i) => `${65 + i}:S_${65 + i}`));
  expect(queue.size).toBe(90);
});

test('S4: nothing is sent twice without a reconnect; after one, sending continues from lastAck + 1', () => {
  const queue = filled(3);
  expect(take(queue)).toHaveLength(3);
  expect(take(queue)).toEqual([]);
  expect(queue.resume(1)).toBe(true);
  expect(take(queue)).toEqual(['2:S_2', '3:S_3']);
});

test('an acknowledgement of a signal never sent is ignored', () => {
  const queue = filled(2);
  queue.next();
  queue.ack(2);
  expect(queue.size).toBe(2);
});

test('a welcome that does not match the stream is refused, and a restart numbers from 1', () => {
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

test('an acknowledgement on the old connection counts on the new one', () => {
  const queue = filled(3);
  take(queue);
  queue.resume(0);
  queue.ack(2);
  expect(take(queue)).toEqual(['3:S_3']);
});

test('a signal is sent only once stored', () => {
  const queue = filled(2);
  queue.hold();
  expect(take(queue)).toEqual([]);
  const snapshot = queue.snapshot();
  queue.add({ signal: 'S_3', at: '2026-01-01T10:00:00.000Z' });
  queue.keep(snapshot);
  expect(take(queue)).toEqual(['1:S_1', '2:S_2']);
  queue.keep(queue.snapshot());
  expect(take(queue)).toEqual(['3:S_3']);
});

test('signals stored under the numbers of another stream count as not stored', () => {
  const queue = filled(2);
  queue.hold();
  const before = queue.snapshot();
  queue.keep(before);
  queue.restart();
  queue.keep(before);
  expect(take(queue)).toEqual([]);
  queue.keep(queue.snapshot());
  expect(take(queue)).toEqual(['1:S_1', '2:S_2']);
});

test('acknowledged and dropped signals do not make later ones count as stored', () => {
  const queue = filled(3);
  queue.hold();
  queue.keep(queue.snapshot());
  expect(take(queue)).toHaveLength(3);
  const snapshot = queue.snapshot();
  queue.add({ signal: 'S_4', at: '2026-01-01T10:00:00.000Z' });
  queue.ack(1);
  queue.drop(2);
  queue.keep(snapshot);
  expect(take(queue)).toEqual(['2:S_3']);
});

const KEPT = {
  acked: 4,
  signals: ['A', 'B'].map((name) => ({ signal: `KEPT_${name}`, at: '2026-01-01T10:00:00.000Z' })),
};

test('a restored run keeps its numbers, before the signals of this page', () => {
  const queue = filled(1);
  queue.hold();
  queue.restore(KEPT);
  expect(queue.resume(5)).toBe(true);
  expect(take(queue)).toEqual(['6:KEPT_B']);
  queue.keep(queue.snapshot());
  expect(take(queue)).toEqual(['7:S_1']);
});

test('restoring twice does not duplicate stored signals', () => {
  const queue = new SignalQueue();
  queue.hold();
  queue.restore(KEPT);
  queue.add({ signal: 'NEW', at: '2026-01-01T10:00:00.000Z' });
  queue.restore(KEPT);
  queue.keep(queue.snapshot());
  queue.resume(4);
  expect(take(queue)).toEqual(['5:KEPT_A', '6:KEPT_B', '7:NEW']);
});

test('a queue restored from an old copy continues after the last signal of the server', () => {
  const queue = filled(1);
  queue.hold();
  queue.restore(KEPT);
  expect(queue.resume(9)).toBe(true);
  queue.keep(queue.snapshot());
  expect(take(queue)).toEqual(['10:S_1']);
});

test('S9: from the number in hold on, no signal is sent until go; then they are sent in order', () => {
  const queue = filled(6);
  expect(take(queue)).toHaveLength(6);
  queue.stopBefore(4);
  expect([queue.held, take(queue)]).toEqual([true, []]);
  queue.ack(2);
  queue.add({ signal: 'S_7', at: '2026-01-01T10:00:00.000Z' });
  expect([take(queue), queue.size]).toEqual([[], 5]);
  queue.goOn(4);
  expect([queue.held, take(queue)]).toEqual([false, ['4:S_4', '5:S_5', '6:S_6', '7:S_7']]);
  queue.ack(7);
  expect(queue.size).toBe(0);
});

test('S9: hold can start at the first number, and ends with its connection', () => {
  const queue = filled(1);
  queue.stopBefore(1);
  expect(take(queue)).toEqual([]);
  expect(queue.resume(0)).toBe(true);
  expect([queue.held, take(queue)]).toEqual([false, ['1:S_1']]);
});
