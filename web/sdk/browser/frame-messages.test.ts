import { expect, test } from 'vitest';
import { FrameBudget, readFrameMessage } from './frame-messages.ts';

test('only known signals of a frame are read, and only their length', () => {
  expect(readFrameMessage({ source: 'invigil-frame', signal: 'COPY', length: 5, text: 'x' })).toEqual({
    source: 'invigil-frame',
    signal: 'COPY',
    length: 5,
  });
  expect(readFrameMessage({ source: 'invigil-frame', signal: 'CONTEXT_MENU' })).toBeDefined();
  for (const data of [
    null,
    'COPY',
    { signal: 'COPY' },
    { source: 'invigil-form', signal: 'COPY' },
    { source: 'invigil-frame', signal: 'TAB_SWITCH' },
    { source: 'invigil-frame', signal: ['COPY'] },
    { source: 'invigil-frame', signal: 'COPY', length: -1 },
    { source: 'invigil-frame', signal: 'COPY', length: '5' },
    { source: 'invigil-frame', signal: 'COPY', length: 1e12 },
  ])
    expect(readFrameMessage(data), JSON.stringify(data)).toBeUndefined();
});

test('a frame has 20 messages in a burst, then two a second', () => {
  const budget = new FrameBudget();
  const taken = (at: number) => Array.from({ length: 30 }, () => budget.take(at)).filter(Boolean).length;
  expect(taken(5000)).toBe(20);
  expect(taken(6000)).toBe(2);
  expect(taken(600_000)).toBe(20);
});
