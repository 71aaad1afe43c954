import { expect, test } from 'vitest';
import { loopTurn } from './loop-turn.ts';

/** Longer than the share of ordinary work and shorter than that of urgent work. */
function spend(): void {
  const until = performance.now() + 10;
  while (performance.now() < until);
}
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('urgent work continues in a turn of the event loop without time left for ordinary work', async () => {
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

test('urgent work beyond its share waits for the next turn', async () => {
  await nextTurn();
  await loopTurn.hasTime();
  spend();
  spend();
  let isNext = false;
  setImmediate(() => (isNext = true));
  await loopTurn.hasTimeForUrgent();
  expect(isNext).toBe(true);
});
