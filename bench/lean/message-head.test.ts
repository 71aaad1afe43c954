import { expect, test } from 'vitest';
import { encodeDown } from '../../protocol/codec.ts';
import { beginsWith, headOf, integerAt } from './message-head.ts';

test('the type and number of a message are read from its first bytes', () => {
  const ack = Buffer.from(encodeDown({ type: 'ack', seq: 4711 }));
  const head = headOf('ack', ',"seq":');
  expect(beginsWith(ack, head)).toBe(true);
  expect(integerAt(ack, head.length)).toBe(4711);
  expect(beginsWith(ack, headOf('event'))).toBe(false);
  expect(beginsWith(ack.subarray(0, 5), head)).toBe(false);
  expect(integerAt(Buffer.from('12'), 0)).toBe(12);
});
