import { expect, test } from 'vitest';
import { sentence } from './sentence.ts';

test('a message of the server becomes a sentence; one that is a sentence stays as it is', () => {
  expect(sentence('the code is wrong or was already used')).toBe('The code is wrong or was already used.');
  expect(sentence('Try again in a moment.')).toBe('Try again in a moment.');
  expect(sentence('still there?')).toBe('Still there?');
});
