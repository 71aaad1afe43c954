import { listCheckpoints, newestCheckpoint } from '../../../db/audit/tree.ts';
import type { Executor } from '../../../db/executor.ts';
import { type Checkpoint, openCheckpoint } from '../../../protocol/audit/checkpoint.ts';
import { sameBytes } from '../../../protocol/audit/merkle-proof.ts';
import { NoteError, type VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { noteCrypto } from '../checkpoints/note-crypto.ts';
import { sizeSaid } from '../checkpoints/note-size.ts';
import { checkpointFault, type Counts } from './fault-found.ts';
import type { Pages } from './pages.ts';

/** Checkpoints per statement. */
const PAGE = 100;

/** Iterates over checkpoints by increasing size, for one pass over the leaves. */
export class CheckpointWalk {
  readonly kept: 'inside' | 'outside';
  /** Next checkpoint to compare. */
  next: Checkpoint | undefined;
  readonly #notes: AsyncIterator<string, void, undefined>;
  readonly #keys: readonly VerifierKey[];
  readonly #counts: Counts;

  /** @param keys trusted keys */
  constructor(kept: 'inside' | 'outside', notes: AsyncIterable<string>, keys: readonly VerifierKey[], counts: Counts) {
    this.kept = kept;
    this.#notes = notes[Symbol.asyncIterator]() as AsyncIterator<string, void, undefined>;
    this.#keys = keys;
    this.#counts = counts;
  }

  /** Advances to the first one. @throws FaultFound */
  begin(): Promise<void> {
    return this.#advance();
  }

  /** Compares with the root at its size and advances to the next size. @throws FaultFound */
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

  /** Closes open files. */
  async close(): Promise<void> {
    await this.#notes.return?.();
  }
}

/** Checkpoints now in the database. */
export async function notesInside(ex: Executor): Promise<AsyncIterable<string>> {
  const newest = await newestCheckpoint(ex);
  return notesUpTo(ex, newest?.size ?? 0);
}

/** An invalid size sorts first and is reported as such. */
async function* notesUpTo(ex: Executor, upTo: number): AsyncGenerator<string, void, undefined> {
  for (let after = Number.MIN_SAFE_INTEGER; after < upTo;) {
    const page = await listCheckpoints(ex, { after, limit: PAGE });
    for (const { size, note } of page) if (size <= upTo) yield note;
    if (page.length < PAGE) return;
    after = page.at(-1)!.size;
  }
}
