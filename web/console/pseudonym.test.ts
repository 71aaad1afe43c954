import { expect, test } from 'vitest';
import { pseudonym } from './pseudonym.ts';

test('an id has the same pseudonym on every machine', () => {
  expect(pseudonym('01a20128-b3ea-75c2-965a-5ede413d3d6b')).toBe(pseudonym('01a20128-b3ea-75c2-965a-5ede413d3d6b'));
  expect(pseudonym('01a20128-b3ea-75c2-965a-5ede413d3d6b')).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+ [1-9]\d\d$/);
});

test('similar ids have different pseudonyms', () => {
  const names = Array.from({ length: 500 }, (_, i) =>
    pseudonym(`01a20128-b3ea-75c2-965a-${String(i).padStart(12, '0')}`),
  );
  expect(new Set(names).size).toBeGreaterThanOrEqual(499);
});
