import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainLine, plainText } from './plain-text.ts';
import { line } from './text.ts';

test.each([
  ['zero-width characters', 'Ad\u200bmin\u200d \ufeffOne', 'Admin One'],
  ['directions', '\u202enimdA\u202c Name\u2066\u2069\u200f', 'nimdA Name'],
  ['tags and fillers', 'A\u{e0041}\u3164\u115f\u034fB\u2800', 'AB'],
  ['private use', 'A\ue000\u{f0000}B', 'AB'],
  ['unassigned and noncharacters', 'A\u0378\ufdd0\uffff\u{1ffff}B', 'AB'],
  ['replacements', 'A\ufffc\ufffd\u{1d159}B', 'AB'],
  ['controls', 'A\u0007\u001b[31mB', 'A[31mB'],
  ['soft hyphens', 'Proc\u00adtor', 'Proctor'],
  ['joiners that spell nothing', 'A\u200cd\u200da عل\u200c \u200c\u200cی\u200c', 'Ada عل ی'],
  ['white space of all kinds', '\u00a0 Ada\t\n\u2003Lovelace\u3000', 'Ada Lovelace'],
  ['letters in parts', 'Zoe\u0308', 'Zoë'],
  ['marks without a letter', '\u0301\u0301Ada', 'Ada'],
])('%s are taken out of a name', (_what, from, to) => {
  expect(plainLine(from)).toBe(to);
});

test('plain text keeps combining marks of languages and cuts off stacked ones', () => {
  expect([...plainLine(`Z${'\u0336\u0301\u0320'.repeat(50)}o`).normalize('NFD')].length).toBeLessThanOrEqual(6);
  for (const name of [
    'Nguyễn Thị Hồng',
    'สมชาย ใจดี',
    'שָׁלוֹם',
    'श्रीनिवास',
    'محمد',
    '김민준',
    '李小龍',
    'Ångström',
    'O’Neil-Brontë',
    'علی\u200cرضا',
    'ශ්\u200dරී',
    'क्\u200dष',
  ])
    expect(plainLine(name)).toBe(name.normalize('NFC'));
});

test('normalising text is idempotent and leaves no invisible character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const plain of [plainLine, plainText]) {
        const once = plain(text);
        expect(plain(once)).toBe(once);
        expect(once).not.toMatch(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]|(?!\n)\p{Cc}|\p{Co}/u);
      }
    }),
    { numRuns: 2000 },
  );
});

test('normalising a reason keeps its lines', () => {
  expect(plainText('  one \r\n two\u2028three\n\n\n\nfour ')).toBe('one\ntwo\nthree\n\nfour');
});

test('the length of a name is measured in bytes after normalisation; an empty name is refused', () => {
  const name = line(20);
  expect(name.safeParse('a'.repeat(20)).success).toBe(true);
  expect(name.safeParse('é'.repeat(11)).success).toBe(false);
  expect(name.safeParse('é'.repeat(10)).success).toBe(true);
  expect(name.parse(`${'\u200b'.repeat(15)}Ada`)).toBe('Ada');
  for (const nothing of ['', '   ', '\ufffc', '\u0378', '\uffff', '\u200b', '\u202e\u3164', '\u0301'])
    expect(name.safeParse(nothing).success).toBe(false);
  for (const broken of ['a\u0000', '\ud800']) expect(name.safeParse(broken).success).toBe(false);
});
