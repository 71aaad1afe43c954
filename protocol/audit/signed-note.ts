import { fromBase64, toBase64 } from './base64.ts';
import { type Sha256, sameBytes } from './merkle-proof.ts';

/** Signed notes, c2sp.org/signed-note: a text and the signatures under it. Ed25519 only. */

/**
 * `malformed`: no note, or no key. `unknown_key`: nobody that is trusted has signed. `bad_signature`: one who is
 * trusted has not signed this.
 */
export type NoteFault = 'malformed' | 'unknown_key' | 'bad_signature';

export class NoteError extends Error {
  override readonly name = 'NoteError';
  readonly fault: NoteFault;

  constructor(fault: NoteFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const malformed = (message: string) => new NoteError('malformed', message);

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** Ends with a newline; the signatures are over its UTF-8 bytes. */
  readonly text: string;
  /** At least one. */
  readonly signatures: readonly NoteSignature[];
}

/** Whom to trust: a public key under a name. */
export interface VerifierKey {
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** What the platform lends. */
export interface NoteCrypto {
  readonly sha256: Sha256;
  /** Ed25519, RFC 8032. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
}

const ED25519 = 0x01;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 4;
/** A note has to be read with 16; nobody needs as many as this. */
const MAX_SIGNATURES = 100;
/** Far above any checkpoint: a bound on what is looked at. */
export const MAX_NOTE_CHARACTERS = 1_000_000;

const utf8 = new TextEncoder();

/** Not empty, no space of Unicode's, no plus; no character that a note may not hold. */
export const isKeyName = (name: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  name !== '' && !/[\p{White_Space}+\u0000-\u001F]/u.test(name) && isWellFormed(name);

/** A lone surrogate has no UTF-8. */
const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text);

/** First 4 bytes of SHA-256(name || 0x0A || 0x01 || public key). */
export async function keyIdOf({ name, publicKey }: VerifierKey, sha256: Sha256): Promise<Uint8Array> {
  const named = utf8.encode(`${name}\n`);
  const input = new Uint8Array(named.length + 1 + publicKey.length);
  input.set(named);
  input[named.length] = ED25519;
  input.set(publicKey, named.length + 1);
  return (await sha256(input)).slice(0, KEY_ID_BYTES);
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** `name+keyid+base64(0x01 || public key)`, as golang.org/x/mod/sumdb/note writes it. */
export async function formatVerifierKey(key: VerifierKey, sha256: Sha256): Promise<string> {
  if (!isKeyName(key.name) || key.publicKey.length !== PUBLIC_KEY_BYTES)
    throw malformed('not an Ed25519 key under a name');
  return `${key.name}+${hex(await keyIdOf(key, sha256))}+${toBase64(Uint8Array.of(ED25519, ...key.publicKey))}`;
}

/** @throws NoteError `malformed`, also when the id is not that of this name and key */
export async function parseVerifierKey(text: string, sha256: Sha256): Promise<VerifierKey> {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const encoded = parts && fromBase64(parts[3]!);
  if (!parts || !encoded || !isKeyName(parts[1]!)) throw malformed('a verifier key is name+id+key');
  if (encoded[0] !== ED25519 || encoded.length !== 1 + PUBLIC_KEY_BYTES) throw malformed('not an Ed25519 key');
  const key = { name: parts[1]!, publicKey: encoded.slice(1) };
  if (hex(await keyIdOf(key, sha256)) !== parts[2])
    throw malformed('the id of the verifier key is not that of its name and key');
  return key;
}

/** @throws NoteError `malformed` */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `— ${name} ${toBase64(Uint8Array.of(...keyId, ...signature))}\n`,
  );
  const note = `${text}\n${lines.join('')}`;
  parseNote(note);
  return note;
}

/** @throws NoteError `malformed` */
export function parseNote(note: string): SignedNote {
  if (note.length > MAX_NOTE_CHARACTERS) throw malformed('too long for a note');
  if (!isWellFormed(note)) throw malformed('not UTF-8');
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000B-\u001F]/.test(note)) throw malformed('control characters');
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1 || !note.endsWith('\n'))
    throw malformed('a note is a text, an empty line, and signatures, each line ended');
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed('too many signatures');
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(' ');
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (dash !== '—' || name === undefined || !isKeyName(name) || more.length > 0)
    throw malformed('not a signature line');
  if (!bytes || bytes.length <= KEY_ID_BYTES) throw malformed('not a signature');
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

/**
 * Reads a note that one of these keys has signed. Signatures of others are not looked at.
 * @throws NoteError `malformed`, `unknown_key`, `bad_signature`
 */
export async function openNote(note: string, keys: readonly VerifierKey[], crypto: NoteCrypto): Promise<SignedNote> {
  const signed = parseNote(note);
  const message = utf8.encode(signed.text);
  let known = false;
  for (const key of keys) {
    const keyId = await keyIdOf(key, crypto.sha256);
    for (const { name, keyId: id, signature } of signed.signatures) {
      if (name !== key.name || !sameBytes(id, keyId)) continue;
      if (signature.length !== SIGNATURE_BYTES || !(await crypto.verify(key.publicKey, message, signature))) {
        throw new NoteError('bad_signature', `the signature of ${name} is not over this text`);
      }
      known = true;
    }
  }
  if (!known) throw new NoteError('unknown_key', 'no trusted key has signed this');
  return signed;
}
