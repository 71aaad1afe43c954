import { listCheckpoints, newestCheckpoint } from '../../../db/audit/tree.ts';
import type { Executor } from '../../../db/executor.ts';
import { type Checkpoint, openCheckpoint } from '../../../protocol/audit/checkpoint.ts';
import { sameBytes } from '../../../protocol/audit/merkle-proof.ts';
import { NoteError, type VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { noteCrypto } from '../checkpoints/note-crypto.ts';
import { sizeSaid } from '../checkpoints/note-size.ts';
import { checkpointFault, type Counts } from './fault-found.ts';
import type { Pages } from './pages.ts';

/** Checkpoints of one statement. */
const PAGE = 100;

/** Checkpoints by rising size, one at a time: for one pass over the leaves. */
export class CheckpointWalk {
  readonly kept: 'inside' | 'outside';
  /** The one that is to be compared next. */
  next: Checkpoint | undefined;
  readonly #notes: AsyncIterator<string, void, undefined>;
  readonly #keys: readonly VerifierKey[];
  readonly #counts: Counts;

  /** @param keys whose signatures count */
  constructor(kept: 'inside' | 'outside', notes: AsyncIterable<string>, keys: readonly VerifierKey[], counts: Counts) {
    this.kept = kept;
    this.#notes = notes[Symbol.asyncIterator]() as AsyncIterator<string, void, undefined>;
    this.#keys = keys;
    this.#counts = counts;
  }

  /** To the first one. @throws FaultFound */
  begin(): Promise<void> {
    return this.#advance();
  }

  /** With the root of the tree of its size. Then the next one, which is of another size. @throws FaultFound */
  async compare(root: Uint8Array, pages: Pages): Promise<void> {
    const { size } = this.next!;
    while (this.next?.size === size) {
      if (!sameBytes(this.next.root, root)) throw checkpointFault(this.kept, size, 'root');
      this.#counts.checkpoints += 1;
      if (this.kept === 'outside') this.#counts.vouched = size;
      await pages.row();
      await this.#advance();
    }
  }

  async #advance(): Promise<void> {
    const before = this.next?.size ?? 1;
    const { value: note } = await this.#notes.next();
    this.next = note === undefined ? undefined : await this.#open(note);
    if (this.next && this.next.size < before) throw checkpointFault(this.kept, this.next.size, 'order');
  }

  async #open(note: string): Promise<Checkpoint> {
    try {
      const checkpoint = await openCheckpoint(note, this.#keys, noteCrypto);
      if (!this.#keys.some(({ name }) => name === checkpoint.origin))
        throw checkpointFault(this.kept, checkpoint.size, 'origin');
      return checkpoint;
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      throw checkpointFault(this.kept, sizeSaid(note), error.fault);
    }
  }

  /** Lets go of what is open. */
  async close(): Promise<void> {
    await this.#notes.return?.();
  }
}

/** Those that are in the database now. */
export async function notesInside(ex: Executor): Promise<AsyncIterable<string>> {
  const newest = await newestCheckpoint(ex);
  return notesUpTo(ex, newest?.size ?? 0);
}

/** A size that is none sorts before those that are, and is told as what it is. */
async function* notesUpTo(ex: Executor, upTo: number): AsyncGenerator<string, void, undefined> {
  for (let after = Number.MIN_SAFE_INTEGER; after < upTo;) {
    const page = await listCheckpoints(ex, { after, limit: PAGE });
    for (const { size, note } of page) if (size <= upTo) yield note;
    if (page.length < PAGE) return;
    after = page.at(-1)!.size;
  }
}
