import { expect, test } from 'vitest';
import { inVisualOrder, runsOf } from './text-runs.ts';

const LATIN = 0;
const HAN = 1;
const has = (font: number, code: number) =>
  font === LATIN ? code < 0x2000 && code !== 0x1f00 : code >= 0x4e00 && code < 0xa000;

test('a text is written in the first font that has its letters, spaces in that of the letters before', () => {
  expect(runsOf('Zoë 王 芳 Öztürk', 2, has)).toEqual([
    { text: 'Zoë ', font: LATIN },
    { text: '王', font: HAN },
    { text: ' ', font: LATIN },
    { text: '芳', font: HAN },
    { text: ' Öztürk', font: LATIN },
  ]);
});

test('a letter that no font has is written as its code point, never as a box', () => {
  expect(runsOf('Ann 王', 1, has)).toEqual([{ text: 'Ann [U+738B]', font: LATIN }]);
});

test('letters and marks that stand apart are put together, as fonts have them', () => {
  expect(runsOf('Zoe\u0308', 1, has)).toEqual([{ text: 'Zoë', font: LATIN }]);
});

test('words from right to left change places, others keep theirs', () => {
  expect(inVisualOrder('Report of نور الدين محمد here')).toBe('Report of محمد الدين نور here');
  expect(inVisualOrder('Ann Lee')).toBe('Ann Lee');
  expect(inVisualOrder('نور')).toBe('نور');
  expect(inVisualOrder('')).toBe('');
});
