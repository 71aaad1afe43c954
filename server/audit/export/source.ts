import type { ExportHeader } from './format.ts';

/** One entry, as it is stored. */
export interface ExportedEntry {
  /** Its leaf, from 0; null: it waits for its place in the tree. */
  readonly index: number | null;
  /**
   * Hash of the leaf as the tree has it (its tile of level 0), not as the entry's row has it; of one that waits, the
   * row's.
   */
  readonly hash: Uint8Array;
  /** `encodeEntry` of the row; undefined: the tree has a leaf and there is no row. */
  readonly entry: Uint8Array | undefined;
  /** Undefined: erased. */
  readonly payload: { readonly salt: Uint8Array; readonly bytes: Uint8Array } | undefined;
  /** Inclusion in the tree of the header's size: of an export of one session. */
  readonly proof?: readonly Uint8Array[];
}

/** What there is to export: the log at one moment. */
export interface ExportSource {
  readonly header: ExportHeader;
  /**
   * In the order of the tree, every leaf (or every leaf of the session); then, of a full export, entries without a
   * leaf, each after the one before it in its chain. In lists of any length. A leaf that is left out counts as gone.
   */
  entries(): AsyncIterable<readonly ExportedEntry[]>;
  /** Signed notes up to the header's size, smallest first; of one session, the one of that size. */
  checkpoints(): AsyncIterable<string>;
}
