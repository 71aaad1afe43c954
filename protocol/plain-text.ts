/** Normalises text written by people and removes invisible characters. No imports: also for pages. */

/**
 * Invisible characters other than white space: control, format (directions, joiners, zero width), private-use,
 * unassigned and default-ignorable characters (fillers, variation selectors), the blank braille pattern, the null
 * notehead, and the object and decoding replacement characters.
 */
const UNSEEN = /(?!\s)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\ufffc\ufffd]|\ufeff/gu;
/** More than four marks on one letter: no script in use needs them, and they cover neighbouring text. */
const MANY_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Marks without a letter, which would combine with the text before. */
const LOOSE_MARKS = /(^|\s)\p{M}+/gu;

const seen = (text: string): string =>
  text
    .normalize('NFC')
    .replace(UNSEEN, '')
    .normalize('NFD')
    .replace(MANY_MARKS, '$1')
    .replace(LOOSE_MARKS, '$1')
    .normalize('NFC');

/** Name, title or room: one line, NFC, no invisible characters, single spaces, trimmed. Idempotent. */
export const plainLine = (text: string): string => seen(text).replace(/\s+/gu, ' ').trim();

/** Reason or message: the same, but lines are kept, with at most two breaks between them. */
export const plainText = (text: string): string =>
  seen(text)
    .replace(/\r\n?|[\u2028\u2029\u0085]/gu, '\n')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
