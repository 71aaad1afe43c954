import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';

/** Every letter is one wide. */
const lines = (text: string, width: number) => linesOf(text, width, (part) => [...part].length);

test('lines end at spaces and at line breaks', () => {
  expect(lines('one two three', 8)).toEqual(['one two', 'three']);
  expect(lines('one\ntwo\r\n\nthree', 80)).toEqual(['one', 'two', '', 'three']);
  expect(lines('', 8)).toEqual(['']);
});

test('a word that is longer than a line is broken between letters, marks stay with theirs', () => {
  expect(lines('高等数学期末考试', 3)).toEqual(['高等数', '学期末', '考试']);
  expect(lines('a bcdefgh', 4)).toEqual(['a bc', 'defg', 'h']);
  expect(lines('ann.lee@example.org', 10)).toEqual(['ann.lee@', 'example.', 'org']);
  expect(lines('e\u0308e\u0308e\u0308', 4)).toEqual(['e\u0308e\u0308', 'e\u0308']);
});
