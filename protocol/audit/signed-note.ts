import { fromBase64, toBase64 } from './base64.ts';
import { type Sha256, sameBytes } from './merkle-proof.ts';

/** Signed notes, c2sp.org/signed-note: a text with signatures. Ed25519 only. */

/**
 * - `malformed` not a note, or not a key
 * - `unknown_key` no signature of a trusted key
 * - `bad_signature` a signature of a trusted key does not match the text
 */
export type NoteFault = 'malformed' | 'unknown_key' | 'bad_signature';

export class NoteError extends Error {
  override readonly name = 'NoteError';
  readonly code = 'bad_note';
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
  /** Ends with a newline. Signatures are over its UTF-8 bytes. */
  readonly text: string;
  /** At least one. */
  readonly signatures: readonly NoteSignature[];
}

/** A trusted public key with its name. */
export interface VerifierKey {
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Cryptography of the platform. */
export interface NoteCrypto {
  readonly sha256: Sha256;
  /** Ed25519, RFC 8032. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
}

const ED25519 = 0x01;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 4;
/** The specification requires support of at least 16. */
const MAX_SIGNATURES = 100;
/** Far above the size of a checkpoint. */
export const MAX_NOTE_CHARACTERS = 1_000_000;

const utf8 = new TextEncoder();

/** Not empty, without Unicode spaces, plus signs and characters that are forbidden in notes. */
export const isKeyName = (name: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  name !== '' && !/[\p{White_Space}+\u0000-\u001F]/u.test(name) && isWellFormed(name);

/** A lone surrogate has no UTF-8 encoding. */
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

/** `name+keyid+base64(0x01 || public key)`, the format of golang.org/x/mod/sumdb/note. */
export async function formatVerifierKey(key: VerifierKey, sha256: Sha256): Promise<string> {
  if (!isKeyName(key.name) || key.publicKey.length !== PUBLIC_KEY_BYTES)
    throw malformed('invalid key name or Ed25519 key');
  return `${key.name}+${hex(await keyIdOf(key, sha256))}+${toBase64(Uint8Array.of(ED25519, ...key.publicKey))}`;
}

/** @throws NoteError `malformed`, also if the id does not match the name and the key */
export async function parseVerifierKey(text: string, sha256: Sha256): Promise<VerifierKey> {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const encoded = parts && fromBase64(parts[3]!);
  if (!parts || !encoded || !isKeyName(parts[1]!)) throw malformed('a verifier key has the form name+id+key');
  if (encoded[0] !== ED25519 || encoded.length !== 1 + PUBLIC_KEY_BYTES) throw malformed('invalid Ed25519 key');
  const key = { name: parts[1]!, publicKey: encoded.slice(1) };
  if (hex(await keyIdOf(key, sha256)) !== parts[2])
    throw malformed('the id of the verifier key does not match its name and key');
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
  if (note.length > MAX_NOTE_CHARACTERS)
    throw malformed(`note exceeds the maximum of ${MAX_NOTE_CHARACTERS} characters`);
  if (!isWellFormed(note)) throw malformed('note is not valid UTF-8');
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000B-\u001F]/.test(note)) throw malformed('note contains control characters');
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1 || !note.endsWith('\n'))
    throw malformed('a note consists of a text, an empty line and signatures, each line ending with a newline');
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`note exceeds the maximum of ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(' ');
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (dash !== '—' || name === undefined || !isKeyName(name) || more.length > 0)
    throw malformed('invalid signature line');
  if (!bytes || bytes.length <= KEY_ID_BYTES) throw malformed('invalid signature');
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

/**
 * Opens a note signed by at least one of these keys. Signatures of other keys are ignored.
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
        throw new NoteError('bad_signature', `the signature of ${name} does not match this text`);
      }
      known = true;
    }
  }
  if (!known) throw new NoteError('unknown_key', 'note is not signed by a trusted key');
  return signed;
}
