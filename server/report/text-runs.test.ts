import { expect, test } from 'vitest';
import { inVisualOrder, lacksLetters, runsOf } from './text-runs.ts';

const LATIN = 0;
const HAN = 1;
const isHan = (code: number) => code >= 0x4e00 && code < 0xa000;
const latin = (code: number) => (code < 0x500 && code !== 10 ? LATIN : undefined);
const both = (code: number) => (isHan(code) ? HAN : latin(code));

test('a text is written in the first font that has its letters, spaces in that of the letters before', () => {
  expect(runsOf('Zoë 王 芳 Öztürk', both)).toEqual([
    { text: 'Zoë ', font: LATIN },
    { text: '王 芳 ', font: HAN },
    { text: 'Öztürk', font: LATIN },
  ]);
});

test('a letter that no font has is written as its code point, never as a box', () => {
  expect(runsOf('Ann 王', latin)).toEqual([{ text: 'Ann [U+738B]', font: LATIN }]);
  expect(runsOf('א ב', latin)).toEqual([{ text: '[U+05D0] [U+05D1]', font: LATIN }]);
  expect(lacksLetters('Ann 王', latin)).toBe(true);
  expect(lacksLetters('Ann\n王', both)).toBe(false);
});

test('letters and marks that stand apart are put together, as fonts have them', () => {
  expect(runsOf('Zoe\u0308', latin)).toEqual([{ text: 'Zoë', font: LATIN }]);
});

test('words from right to left change places, others keep theirs, and neither takes the space or the comma of the other', () => {
  expect(inVisualOrder('by نور الدين محمد, 29 Mar')).toEqual(['by ', 'محمد', ' ', 'الدين', ' ', 'نور', ', 29 Mar']);
  expect(inVisualOrder('نور, محمد')).toEqual(['محمد', ', ', 'نور']);
  expect(inVisualOrder('نور A محمد')).toEqual(['نور', ' A ', 'محمد']);
  expect(inVisualOrder('Ann Lee')).toEqual(['Ann Lee']);
  expect(inVisualOrder('')).toEqual([]);
});
