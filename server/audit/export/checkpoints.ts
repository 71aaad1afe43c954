import { open } from 'node:fs/promises';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '../../../protocol/audit/checkpoint.ts';
import { HASH_BYTES, sameBytes } from '../../../protocol/audit/merkle-proof.ts';
import { NoteError, parseNote, type VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { checkpointFault } from './fault-found.ts';
import { noteCrypto } from '../checkpoints/note-crypto.ts';
import { sizeSaid } from '../checkpoints/note-size.ts';
import { readNotes } from './read-notes.ts';
import type { ExportFile } from './reader.ts';

type Kept = 'inside' | 'outside';

/** Checkpoints of the file, or those kept outside, by increasing size, for one pass over the log. */
export class Checkpoints {
  readonly kept: Kept;
  /** Number of matching checkpoints, and the size of the largest. */
  agreed = 0;
  largest = 0;
  /** Next checkpoint to compare. */
  next: Checkpoint | undefined;
  readonly #source: AsyncIterator<Checkpoint, void, undefined>;

  private constructor(kept: Kept, source: AsyncIterator<Checkpoint, void, undefined>) {
    this.kept = kept;
    this.#source = source;
  }

  /** @throws FaultFound */
  static async of(kept: Kept, source: AsyncIterator<Checkpoint, void, undefined>): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(kept, source);
    await checkpoints.advance();
    return checkpoints;
  }

  async advance(): Promise<void> {
    this.next = (await this.#source.next()).value ?? undefined;
  }

  /** Compares all checkpoints of this size, if they are next. @throws FaultFound */
  async compare(size: number, root: Uint8Array): Promise<void> {
    for (; this.next?.size === size; await this.advance()) {
      if (!sameBytes(this.next.root, root))
        throw checkpointFault(
          'root',
          this.kept,
          size,
          `the log was another one: of leaves ${this.largest} to ${size - 1} at least one was changed`,
        );
      this.agreed += 1;
      this.largest = size;
    }
  }

  /** Called after the last leaf. @throws FaultFound if a checkpoint is of a longer log */
  end(size: number): void {
    if (this.next)
      throw checkpointFault(
        'beyond',
        this.kept,
        this.next.size,
        `the log had ${this.next.size} leaves, and here are ${size}: its end was cut off`,
      );
  }
}

/** @param keys trusted keys; empty: signatures are not checked */
async function openNote(note: string, kept: Kept, origin: string, keys: readonly VerifierKey[]): Promise<Checkpoint> {
  try {
    const checkpoint =
      keys.length === 0 ? parseCheckpoint(parseNote(note).text) : await openCheckpoint(note, keys, noteCrypto);
    // After a change of key the log continues under the new key's name.
    if (checkpoint.origin !== origin && !keys.some(({ name }) => name === checkpoint.origin))
      throw checkpointFault('origin', kept, checkpoint.size, `it is of the log ${checkpoint.origin}`);
    return checkpoint;
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw checkpointFault(error.fault, kept, sizeSaid(note), error.message);
  }
}

function isNote(note: string): boolean {
  try {
    return parseCheckpoint(parseNote(note).text).origin !== '';
  } catch (error) {
    if (error instanceof NoteError) return false;
    throw error;
  }
}

/** Iterates in file order. */
export async function* checkpointsInside(
  file: ExportFile,
  keys: readonly VerifierKey[],
): AsyncGenerator<Checkpoint, void, undefined> {
  let before = 0;
  for (const note of readNotes(file.handle.fd, file.notesAt, file.notesEnd)) {
    const checkpoint = await openNote(note, 'inside', file.header.origin, keys);
    if (checkpoint.size < before)
      throw checkpointFault('order', 'inside', checkpoint.size, `it comes after one of ${before} leaves`);
    before = checkpoint.size;
    yield checkpoint;
  }
}

/** Notes truncated by a crash, in an append-only file, are skipped and counted. */
export interface Unreadable {
  count: number;
}

/** Held in memory, 40 bytes each, since files of several servers may have been concatenated in any order. */
export async function* checkpointsOutside(
  path: string | undefined,
  origin: string,
  keys: readonly VerifierKey[],
  unreadable: Unreadable,
): AsyncGenerator<Checkpoint, void, undefined> {
  if (path === undefined) return;
  const sizes: number[] = [];
  let roots = Buffer.alloc(2 ** 16);
  const handle = await open(path, 'r');
  try {
    for (const note of readNotes(handle.fd, 0, (await handle.stat()).size)) {
      if (!isNote(note)) {
        unreadable.count += 1;
        continue;
      }
      const { size, root } = await openNote(note, 'outside', origin, keys);
      if ((sizes.length + 1) * HASH_BYTES > roots.length) roots = Buffer.concat([roots, Buffer.alloc(roots.length)]);
      roots.set(root, sizes.length * HASH_BYTES);
      sizes.push(size);
    }
  } finally {
    await handle.close();
  }
  const order = Uint32Array.from(sizes.keys()).sort((a, b) => sizes[a]! - sizes[b]!);
  for (const i of order) yield { origin, size: sizes[i]!, root: roots.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES) };
}
