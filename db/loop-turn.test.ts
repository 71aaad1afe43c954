import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loopTurn } from './loop-turn.ts';

let now = 1000;
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => now));
afterEach(() => vi.restoreAllMocks());

/** Longer than the share of other work, and shorter than that of urgent work. */
const spend = (): void => void (now += 10);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('urgent work continues in a turn of the event loop that has no time left for other work', async () => {
  await nextTurn();
  await loopTurn.hasTime();
  spend();
  const order: string[] = [];
  setImmediate(() => order.push('next turn'));
  await Promise.all([
    loopTurn.hasTime().then(() => order.push('other')),
    loopTurn.hasTimeForUrgent().then(() => order.push('urgent')),
  ]);
  expect(order).toEqual(['urgent', 'next turn', 'other']);
});

test('urgent work that has had its share waits for the next turn', async () => {
  await nextTurn();
  await loopTurn.hasTime();
  spend();
  spend();
  let isNext = false;
  setImmediate(() => (isNext = true));
  await loopTurn.hasTimeForUrgent();
  expect(isNext).toBe(true);
});

test('waiting ordinary work skips the next turn, in which messages are read and their writes begin', async () => {
  await nextTurn();
  await loopTurn.hasTime();
  spend();
  const order: string[] = [];
  const other = loopTurn.hasTime().then(() => order.push('other'));
  setImmediate(() => void loopTurn.hasTimeForUrgent().then(() => order.push('urgent')));
  await other;
  expect(order).toEqual(['urgent', 'other']);
});

test('ordinary work does not overtake urgent work that waits for its turn', async () => {
  await nextTurn();
  await loopTurn.hasTime();
  spend();
  spend();
  const order: string[] = [];
  // Registered before that of the urgent work: the turn has changed when it asks.
  setImmediate(() => void loopTurn.hasTime().then(() => order.push('other')));
  await loopTurn.hasTimeForUrgent();
  order.push('urgent');
  await loopTurn.hasTime();
  await nextTurn();
  await nextTurn();
  expect(order).toEqual(['urgent', 'other']);
});
