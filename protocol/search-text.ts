/** Text as people are searched by: case and accents aside. No imports: also for pages. */

/** Letters that no Unicode decomposition splits. */
const LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
  ĸ: 'k',
  ς: 'σ',
  // Apostrophes: O’Brien and O'Brien.
  '’': "'",
  '‘': "'",
  ʼ: "'",
};
const OTHERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Joiners, and marks that modify letters of any script; vowel signs of Indic scripts are letters of their own and stay. */
const MARKS = /(?=\p{M})[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]|[\u200c\u200d]/gu;

/**
 * Folds case, accents, width and ligatures, and single-spaces: `Straße` becomes `strasse`, `García` `garcia`, `Łukasz`
 * `lukasz`. Idempotent.
 */
export const searchText = (text: string): string =>
  text
    .normalize('NFKD')
    // ẞ becomes ß, which by way of upper case becomes ss.
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(OTHERS, (letter) => LETTERS[letter]!)
    .replace(/\s+/gu, ' ')
    .trim();

/** Words of a query beyond which the rest is ignored. */
const MAX_WORDS = 8;

/** Words that all have to occur, in any order. */
export const searchWords = (query: string): string[] =>
  [...new Set(searchText(query).split(' '))].filter(Boolean).slice(0, MAX_WORDS);

/** Runs of at most three characters by which an index finds a word: all runs of three, or the word if it is shorter. */
export function searchGrams(word: string): string[] {
  const letters = Array.from(word);
  if (letters.length <= 3) return [word];
  return [...new Set(letters.slice(2).map((_, at) => letters.slice(at, at + 3).join('')))];
}
