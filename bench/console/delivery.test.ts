import { describe, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';

/** Two consoles subscribed to one session with five stored changes. */
function two(): { delivery: Delivery; completed: () => number } {
  let completed = 0;
  const delivery = new Delivery(1, 2, () => (completed += 1));
  delivery.shown(0, 0, 5);
  delivery.shown(1, 0, 5);
  return { delivery, completed: () => completed };
}

describe('deliveries to consoles', () => {
  test('are complete when each console got each event once, in order', () => {
    const { delivery, completed } = two();
    expect([delivery.sent(0, 100), delivery.sent(0, 101)]).toEqual([1, 2]);
    delivery.received(0, 0, 6, 1, 103);
    delivery.received(0, 0, 7, 2, 103);
    delivery.received(1, 0, 6, 1, 104);
    expect([delivery.outstanding, completed()]).toEqual([1, 1]);
    delivery.received(1, 0, 7, 2, 105);
    expect([delivery.outstanding, completed()]).toEqual([0, 2]);
    expect(delivery.recount()).toEqual({ delivered: 4, gaps: 0, missing: 0, repeated: 0, latencies: [3, 2, 4, 4] });
    expect(delivery.recount().delivered).toBe(0);
  });

  test('events of other sources have an offset and no signal number', () => {
    const { delivery } = two();
    delivery.received(0, 0, 6, 0, 100);
    expect(delivery.recount()).toEqual({ delivered: 1, gaps: 0, missing: 0, repeated: 0, latencies: [] });
  });

  test('a skipped offset counts as missing, a repeated one as a duplicate', () => {
    const { delivery } = two();
    for (let n = 0; n < 3; n++) delivery.sent(0, 100);
    delivery.received(0, 0, 6, 1, 101);
    delivery.received(0, 0, 8, 3, 101);
    delivery.received(0, 0, 7, 2, 101);
    delivery.received(1, 0, 5, 0, 101);
    expect(delivery.recount()).toMatchObject({ delivered: 4, missing: 1, repeated: 2 });
  });

  test('an event that never arrives counts as outstanding', () => {
    const { delivery, completed } = two();
    delivery.sent(0, 100);
    delivery.received(0, 0, 6, 1, 101);
    expect([delivery.outstanding, completed()]).toEqual([1, 0]);
  });
});

describe('a console that was sent a gap', () => {
  test('is not waited for and has no missing events until it resubscribes', () => {
    const { delivery, completed } = two();
    for (let n = 0; n < 3; n++) delivery.sent(0, 100);
    delivery.gap(0, 0);
    expect(delivery.withGaps).toEqual([0]);
    delivery.received(0, 0, 8, 3, 101);
    expect(completed()).toBe(0);
    for (const n of [1, 2, 3]) delivery.received(1, 0, 5 + n, n, 101);
    expect([delivery.outstanding, completed()]).toEqual([0, 3]);
    expect(delivery.sent(0, 102)).toBe(4);
    delivery.received(1, 0, 9, 4, 103);
    expect(completed()).toBe(4);
    expect(delivery.recount()).toMatchObject({ gaps: 1, missing: 0, repeated: 0 });
    delivery.shown(0, 0, 9);
    expect(delivery.withGaps).toEqual([]);
    delivery.sent(0, 104);
    delivery.received(1, 0, 10, 5, 105);
    expect([delivery.outstanding, completed()]).toEqual([1, 4]);
    delivery.received(0, 0, 10, 5, 105);
    expect([delivery.outstanding, completed()]).toEqual([0, 5]);
  });
});

test('a console is complete once it got a snapshot of every session', () => {
  const delivery = new Delivery(2, 1);
  delivery.shown(0, 0, 0);
  expect(delivery.seesAll(0)).toBe(false);
  delivery.shown(0, 1, 3);
  expect(delivery.seesAll(0)).toBe(true);
});
