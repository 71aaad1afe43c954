import { createHash } from 'node:crypto';

/** Words of placeholders and examples, removed before the estimate. Longest first. */
const WORDS = [
  'placeholder',
  'characters',
  'production',
  'development',
  'environment',
  'qwertyuiop',
  'changethis',
  'changeit',
  'changeme',
  'asdfghjkl',
  'supersecret',
  'password',
  'passwort',
  'passwd',
  'passphrase',
  'postgres',
  'database',
  'evidence',
  'security',
  'insecure',
  'example',
  'default',
  'letmein',
  'welcome',
  'replace',
  'invigil',
  'proctor',
  'staging',
  'generate',
  'generated',
  'zxcvbnm',
  'secrets',
  'secret',
  'please',
  'random',
  'string',
  'server',
  'signing',
  'private',
  'sample',
  'change',
  'qwertz',
  'qwerty',
  'azerty',
  'abc123',
  '1q2w3e4r',
  '1qaz2wsx',
  'deadbeef',
  'cafebabe',
  'admin',
  'token',
  'super',
  'audit',
  'login',
  'local',
  'least',
  'bytes',
  'chars',
  'value',
  'dummy',
  'never',
  'tests',
  'test',
  'pass',
  'root',
  'user',
  'this',
  'that',
  'your',
  'long',
  'must',
  'with',
  'here',
  'very',
  'some',
  'only',
  'real',
  'insert',
  'demo',
  'todo',
  'auth',
  'keys',
  'fill',
  'asdf',
  'prod',
  'exam',
  'correct',
  'horse',
  'battery',
  'staple',
].toSorted((a, b) => b.length - a.length);

/** The same for words that occur in random text by chance: only as whole words. */
const SHORT_WORDS =
  /(?<![a-z])(?:jwt|key|the|is|a|an|my|me|for|use|in|to|of|be|it|at|do|not|and|or|set|hs256|hmac|sha256|bit|bits|dev|foo|bar|baz|xxx|abc|env|app|api|db|url|no|one|as|i|we|you|32|64|128|256)(?![a-z])/g;

/** Letters that digits and signs stand for. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const folded = (text: string) => text.replaceAll(/[013457@$!]/g, (sign) => LOOK_ALIKES[sign] ?? sign);

/** Shortest unit that the text repeats, the last time possibly in part. */
function period(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    let at = length;
    while (at < text.length && text[at] === text[at - length]) at++;
    if (at === text.length) return text.slice(0, length);
  }
  return text;
}

/** Removes characters that continue a run: `aaaa`, `abcd`, `4321`. */
function withoutRuns(text: string): string {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - codes[index]!);
  return codes
    .map((code, index) =>
      index >= 2 && Math.abs(steps[index - 1]!) <= 1 && steps[index - 1] === steps[index - 2]
        ? ''
        : String.fromCodePoint(code),
    )
    .join('');
}

function withoutWords(text: string): string {
  let rest = text.replaceAll(SHORT_WORDS, ' ');
  for (const word of WORDS) rest = rest.replaceAll(word, ' ');
  return rest.replaceAll(/[\s._:;,/+=-]+/g, '');
}

/**
 * Upper bound of the entropy in bits, as if the remaining characters were drawn independently from those that occur.
 */
function bitsOf(text: string): number {
  const core = period(withoutRuns(period(text)));
  return core.length * Math.log2(Math.max(1, new Set(core).size));
}

/** Decoded text if it is base64 or hexadecimal of readable text. */
function spelled(text: string): string[] {
  const decoded = [
    ...(/^(?:[0-9a-f]{2})+$/i.test(text) ? [Buffer.from(text, 'hex')] : []),
    ...(/^[\w+/-]+={0,2}$/.test(text) ? [Buffer.from(text, 'base64')] : []),
  ];
  return decoded
    .filter((bytes) => bytes.length >= 8 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f))
    .map((bytes) => bytes.toString('latin1'));
}

/** Entropy estimate of a possibly human-chosen text, rather too high than too low. */
function estimatedBits(text: string): number {
  const lower = text.toLowerCase();
  // Case adds entropy only in random text.
  const forms = [
    bitsOf(text),
    bitsOf(withoutWords(lower)) + caseBits(text),
    bitsOf(withoutWords(folded(lower))) + caseBits(text),
  ];
  return Math.min(...forms, ...spelled(text).map(estimatedBits));
}

/** One bit per change of case, except at the start of words. */
const caseBits = (text: string) => text.match(/[A-Z](?=[A-Z0-9])|[a-z0-9](?=[A-Z])/g)?.length ?? 0;

/**
 * A threshold, not a measure of strength: placeholders and patterns are below, random text (32 hexadecimal digits have
 * 106 bits) above.
 */
const MIN_BITS = 56;

/** @returns why the text is guessable; undefined if nothing indicates that */
export function weakText(text: string): string | undefined {
  if (new Set(text).size < 6) return 'has few different characters';
  if (period(text.toLowerCase()) !== text.toLowerCase()) return 'repeats itself';
  return estimatedBits(text) < MIN_BITS
    ? 'is made of words, repetitions or sequences that are guessed first'
    : undefined;
}

/** Well-known digests that look random. */
const KNOWN_DIGESTS = new Set(
  ['', '0', '1', 'a', 'key', 'my-secret', 'hello', '123456', ...WORDS].map((word) =>
    createHash('sha256').update(word).digest('hex'),
  ),
);

/** 32 random bytes have at least 22 distinct values except once in 10^7 keys. */
const MIN_DIFFERENT_BYTES = 20;
/** 31 steps between 32 random bytes include 5 equal ones once in 10^6 keys. */
const MAX_SAME_STEPS = 8;

/** @param key 32 bytes that should be random @returns why they are not */
export function weakKey(key: Uint8Array): string | undefined {
  if (new Set(key).size < MIN_DIFFERENT_BYTES) return 'has few different bytes';
  const steps = new Map<number, number>();
  for (let at = 1; at < key.length; at++) {
    const step = (key[at]! - key[at - 1]! + 256) % 256;
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  if (Math.max(...steps.values()) > MAX_SAME_STEPS) return 'is a sequence';
  if (key.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'is a text and not random bytes';
  return KNOWN_DIGESTS.has(Buffer.from(key).toString('hex')) ? 'is the digest of a common word' : undefined;
}
