import { expect, test } from 'vitest';
import { DEFAULT_ATTENTION_POLICY } from '../../protocol/attention.ts';
import { attentionNumber } from './attention-number.ts';

test('a value below the limit of a level does not read like the limit', () => {
  const { watch, high } = DEFAULT_ATTENTION_POLICY;
  for (const limit of [watch, high]) {
    expect(attentionNumber(limit - 0.1)).toBe(String(limit - 1));
    expect(attentionNumber(limit)).toBe(String(limit));
  }
  expect(attentionNumber(100)).toBe('100');
});
