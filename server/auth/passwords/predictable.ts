/** Adjacent keys: QWERTY, QWERTZ and AZERTY, and vertical columns. */
const ROWS = [
  '1234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
  '!@#$%^&*()',
];
const PAIRS = new Set(
  ROWS.flatMap((row) => [...row].slice(1).flatMap((next, index) => [`${row[index]}${next}`, `${next}${row[index]}`])),
);

/** Minimum number of distinct characters. */
const MIN_DIFFERENT = 4;
/** Average length of runs such as `abcd` and `4321` from which a password counts as a sequence. */
const RUN_LENGTH = 4;
/** Maximum length of a repeated unit. */
const MAX_UNIT = 7;

/** Splits into runs of ascending, descending, equal or adjacent characters. */
function runsIn(characters: readonly string[]): number {
  let runs = 1;
  for (let index = 1; index < characters.length; index++) {
    const [before = '', here = ''] = [characters[index - 1], characters[index]];
    const step = (here.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
    const follows =
      Math.abs(step) <= 1 ||
      PAIRS.has(before + here) ||
      (before === '9' && here === '0') ||
      (before === '0' && here === '9');
    if (!follows) runs++;
  }
  return runs;
}

function repeats(characters: readonly string[]): boolean {
  for (let unit = 1; unit <= Math.min(MAX_UNIT, Math.floor(characters.length / 2)); unit++) {
    if (characters.every((character, index) => character === characters[index % unit])) return true;
  }
  return false;
}

/**
 * @param text lower case, trimmed
 * @returns whether it is a pattern: few characters, a repetition, sequences, a keyboard walk
 */
export function isPredictable(text: string): boolean {
  const characters = [...text];
  return (
    new Set(characters).size < MIN_DIFFERENT ||
    repeats(characters) ||
    runsIn(characters) * RUN_LENGTH <= characters.length
  );
}
