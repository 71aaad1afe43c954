import { expect, test } from 'vitest';
import { csvLine, neutral } from './csv.ts';

test('a line quotes separators, quotes and line breaks, and makes formulas harmless', () => {
  expect(csvLine(['a;b', 'say "so"', 'two\nlines', null, 7, '=1+1', "'-2"], ',')).toBe(
    '"a;b","say ""so""","two\nlines",,7,\'=1+1,\'\'-2\r\n',
  );
});

test('the apostrophe of a harmless formula is taken off again, one of the value itself is kept', () => {
  for (const [cell, value] of [
    ["'=1+1", '=1+1'],
    ["''-2", "'-2"],
    ["'quoted'", "'quoted'"],
    ['plain', 'plain'],
  ] as const)
    expect(neutral(cell)).toBe(value);
});
