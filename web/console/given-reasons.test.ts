import { expect, test } from 'vitest';
import { withReason } from './given-reasons.ts';

test('the newest reason comes first, each once, at most five', () => {
  expect(withReason([], 'a')).toEqual(['a']);
  expect(withReason(['a', 'b'], 'b')).toEqual(['b', 'a']);
  expect(withReason(['a', 'b', 'c', 'd', 'e'], 'f')).toEqual(['f', 'a', 'b', 'c', 'd']);
});
