import { dictionary } from '@zxcvbn-ts/language-common';

/** Characters that look alike, as people use them to pass rules of composition, as one of them. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '8': 'b',
  '3': 'e',
  '€': 'e',
  '6': 'g',
  '!': 'l',
  '1': 'l',
  '|': 'l',
  i: 'l',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
  '+': 't',
  '2': 'z',
};

const fold = (text: string) => Array.from(text, (character) => LOOK_ALIKES[character] ?? character).join('');

/**
 * The most common passwords, as the MIT-licensed package @zxcvbn-ts/language-common bundles them: 49,233, of which
 * 17,950 have 8 characters or more (ASVS 5.0, 6.2.4 asks for 3,000 of those). Nothing is asked over the network.
 */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common'].map(fold));

/** A word with so many digits and signs around it is as easy to guess as the word. */
const MAX_AROUND = 4;

const BEHIND = /[^\p{L}]{1,4}$/u;
const BEFORE = /^[^\p{L}]{1,4}/u;

/** The text as it is, and without the digits and signs behind it, before it, or both. */
function cores(text: string): string[] {
  const front = text.replace(BEHIND, '');
  const inner = front.replace(BEFORE, '');
  return [text, front, text.replace(BEFORE, ''), ...(text.length - inner.length <= MAX_AROUND ? [inner] : [])];
}

/** @param text in lower case, trimmed. @returns whether it is a common password, also with usual disguises */
export function isCommon(text: string): boolean {
  return [...cores(text), ...cores(text.replaceAll(/[\s._-]+/g, ''))].some((form) => COMMON.has(fold(form)));
}
