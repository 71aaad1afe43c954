/** Normalises text written by people and removes invisible characters. No imports: also for pages. */

/**
 * Invisible characters other than white space: control, format (directions, joiners, zero width), private-use,
 * unassigned and default-ignorable characters (fillers, variation selectors), the blank braille pattern, the null
 * notehead, and the object and decoding replacement characters.
 */
const UNSEEN = String.raw`(?!\s)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\ufffc\ufffd]|\ufeff`;
/**
 * Joiners where they are spelling: a non-joiner between Arabic letters (Persian), and either one after a virama, which
 * takes the letter before it to the one after it. The contexts of RFC 5892, appendices A.1 and A.2.
 */
const VIRAMAS = String.raw`\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca`;
const SPELLING = String.raw`(?<=\p{scx=Arab})\u200c(?=\p{scx=Arab})|(?<=[${VIRAMAS}])[\u200c\u200d](?=\p{L})`;
const INVISIBLE = new RegExp(`(?!${SPELLING})(?:${UNSEEN})`, 'gu');
/** More than four marks on one letter: no script in use needs them, and they cover neighbouring text. */
const MANY_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Marks without a letter, which would combine with the text before. */
const LOOSE_MARKS = /(^|\s)\p{M}+/gu;

const seen = (text: string): string =>
  text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .normalize('NFD')
    .replace(MANY_MARKS, '$1')
    .replace(LOOSE_MARKS, '$1')
    .normalize('NFC')
    // Joiners whose neighbour was taken out.
    .replace(INVISIBLE, '');

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
