import { expect, test } from 'vitest';
import { AckTimes } from './ack-times.ts';

test('acknowledgement times exclude signals that the script itself delayed', () => {
  const timed: number[] = [];
  const times = new AckTimes((ms) => timed.push(ms));
  times.sent();
  times.acked(1);
  expect(timed).toHaveLength(1);
  // In flight when the network fails, and reported while it is down.
  times.sent();
  times.cut();
  times.sent();
  times.reconnected();
  times.sent();
  times.acked(2);
  expect(timed).toHaveLength(1);
  times.acked(1);
  expect(timed).toHaveLength(2);
  times.acked(1);
  expect(timed).toHaveLength(2);
});
