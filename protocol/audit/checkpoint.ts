import { fromBase64, toBase64 } from './base64.ts';
import { HASH_BYTES } from './merkle-proof.ts';
import { NoteError, type NoteCrypto, openNote, type VerifierKey } from './signed-note.ts';

/** Tree head of a log, c2sp.org/tlog-checkpoint: the text of a signed note. */
export interface Checkpoint {
  /** Name of the log: one line, not empty. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  /** RFC 6962 root at that size, 32 bytes. */
  readonly root: Uint8Array;
}

const malformed = (message: string) => new NoteError('malformed', message);

/** Text to be signed. @throws NoteError `malformed` */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${toBase64(root)}\n`;
  parseCheckpoint(text);
  return text;
}

/** Extension lines are allowed and ignored. @throws NoteError `malformed` */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('the last line has no newline');
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (!origin || size === undefined || root === undefined || extensions.includes(''))
    throw malformed('a checkpoint consists of origin, size and root, without empty lines');
  if (!/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size))) throw malformed('invalid tree size');
  const hash = fromBase64(root);
  if (hash?.length !== HASH_BYTES) throw malformed('invalid root hash');
  return { origin, size: Number(size), root: hash };
}

/** Opens a checkpoint signed by one of these keys. @throws NoteError `malformed`, `unknown_key`, `bad_signature` */
export async function openCheckpoint(
  note: string,
  keys: readonly VerifierKey[],
  crypto: NoteCrypto,
): Promise<Checkpoint> {
  return parseCheckpoint((await openNote(note, keys, crypto)).text);
}
