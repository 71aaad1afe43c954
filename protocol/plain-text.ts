/** What people write, in one form, and with nothing in it that cannot be seen. No imports: also for pages. */

/**
 * Control, format (directions, joiners, zero width) and private-use characters, what has no look of its own by default
 * (fillers, variation selectors), the blank braille pattern and the null notehead, what stands for an object or for a
 * character that was not understood, and what no character has been assigned to, noncharacters among them. White space
 * is not among them.
 */
const UNSEEN = /(?!\s)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\ufffc\ufffd]|\ufeff/gu;
/** Marks that stand on one letter; scripts that people write use four at most. Others cover their neighbours. */
const MANY_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Marks without a letter would stand on what is before the text. */
const LOOSE_MARKS = /(^|\s)\p{M}+/gu;

const seen = (text: string): string =>
  text
    .normalize('NFC')
    .replace(UNSEEN, '')
    .normalize('NFD')
    .replace(MANY_MARKS, '$1')
    .replace(LOOSE_MARKS, '$1')
    .normalize('NFC');

/**
 * A name, a title, a room: one line, NFC, without what cannot be seen, single spaces, trimmed. Doing it again changes
 * nothing.
 */
export const plainLine = (text: string): string => seen(text).replace(/\s+/gu, ' ').trim();

/** A reason, a message: likewise, and lines stay lines, two breaks at most between them. */
export const plainText = (text: string): string =>
  seen(text)
    .replace(/\r\n?|[\u2028\u2029\u0085]/gu, '\n')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
