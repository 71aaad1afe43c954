import { expect, test } from 'vitest';
import { checkSignal } from './signal-check.ts';

const AT = '2026-01-01T10:00:00.000Z';

test.each(['NO_FACE', 'CONNECTION_LOST', 'SESSION_PAUSED'])('S7: %s is refused before it is sent', (name) => {
  expect(() => checkSignal(name, AT)).toThrow(expect.objectContaining({ code: 'reserved_signal' }));
});

test.each(['', 'X', 'tab_switch', 'A-B', 'A'.repeat(65)])('T1: the name %j is refused', (name) => {
  expect(() => checkSignal(name, AT)).toThrow(expect.objectContaining({ code: 'bad_message' }));
});

test('T1: data over the limit, long keys and data that are not JSON are refused', () => {
  const round: Record<string, unknown> = {};
  round['self'] = round;
  for (const data of [{ text: 'x'.repeat(16_000) }, { ['k'.repeat(65)]: 1 }, round, { n: 1n }]) {
    expect(() => checkSignal('NOTE', AT, data)).toThrow(expect.objectContaining({ code: 'bad_message' }));
  }
});

test('S5: later changes of the data do not affect the copy that is sent again', () => {
  const data = { keys: ['a'] };
  const body = checkSignal('NOTE', AT, data);
  data.keys.push('b');
  expect(body).toEqual({ signal: 'NOTE', at: AT, data: { keys: ['a'] } });
});

test.each([
  ['U+0000', { text: 'a\0b' }],
  ['half a surrogate pair', { text: '\ud800' }],
  ['deep nesting', { a: JSON.parse('['.repeat(16) + ']'.repeat(16)) as unknown }],
])('T1: %s is refused here, since the server would close the connection for it', (_name, data) => {
  expect(() => checkSignal('PASTE', '2026-01-01T10:00:00.000Z', data)).toThrow(
    expect.objectContaining({ code: 'bad_message' }),
  );
});
