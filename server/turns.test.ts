import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

/** Holds the loop for longer than a turn's share. */
function spend(): void {
  const until = performance.now() + 10;
  while (performance.now() < until);
}
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Work of so many pieces, each of which takes a turn's share. */
const pieces = (name: string, count: number, done: string[]) => ({
  next: () => {
    done.push(name);
    spend();
    return --count > 0;
  },
});

test('a turn that has done its share is spent, and the next one is not', async () => {
  const turns = new Turns(8);
  expect(turns.isSpent).toBe(false);
  spend();
  expect(turns.isSpent).toBe(true);
  await nextTurn();
  expect(turns.isSpent).toBe(false);
});

test('waiting tasks run one piece each in turn, and other work runs in between', async () => {
  const turns = new Turns(8);
  const done: string[] = [];
  let between = 0;
  const count = () => {
    between += 1;
    if (done.length < 6) setTimeout(count);
  };
  setTimeout(count);
  turns.wait(pieces('a', 3, done));
  turns.wait(pieces('b', 3, done));
  while (done.length < 6) await nextTurn();
  expect(done).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(between).toBeGreaterThan(2);
});

test('a task added while others wait runs after them', async () => {
  const turns = new Turns(8);
  const done: string[] = [];
  turns.wait({ next: () => (turns.wait(pieces('later', 1, done)), done.push('first'), spend(), false) });
  turns.wait(pieces('second', 1, done));
  while (done.length < 3) await nextTurn();
  expect(done).toEqual(['first', 'second', 'later']);
});
