import { dictionary } from '@zxcvbn-ts/language-common';

/** Look-alike characters used to satisfy composition rules, mapped to one of them. */
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
 * Most common passwords, from the MIT-licensed package @zxcvbn-ts/language-common: 49,233, of which 17,950 have at
 * least 8 characters (ASVS 5.0, 6.2.4 requires 3,000 of those). Nothing is looked up over the network.
 */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common'].map(fold));

/** With up to this many digits and signs around it, a word is as easy to guess. */
const MAX_AROUND = 4;

const BEHIND = /[^\p{L}]{1,4}$/u;
const BEFORE = /^[^\p{L}]{1,4}/u;

/** The text as is, and without digits and signs after it, before it, or both. */
function cores(text: string): string[] {
  const front = text.replace(BEHIND, '');
  const inner = front.replace(BEFORE, '');
  return [text, front, text.replace(BEFORE, ''), ...(text.length - inner.length <= MAX_AROUND ? [inner] : [])];
}

/** @param text lower case, trimmed @returns whether it is a common password, also with usual disguises */
export function isCommon(text: string): boolean {
  return [...cores(text), ...cores(text.replaceAll(/[\s._-]+/g, ''))].some((form) => COMMON.has(fold(form)));
}
