import type { ExportHeader } from './format.ts';

/** An entry as stored. */
export interface ExportedEntry {
  /** Leaf index from 0; null: queued. */
  readonly index: number | null;
  /** Leaf hash from the tree (level 0 tile), not from the entry's row; for a queued entry, the row's. */
  readonly hash: Uint8Array;
  /** `encodeEntry` of the row; undefined: the leaf has no row. */
  readonly entry: Uint8Array | undefined;
  /** Undefined: erased. */
  readonly payload: { readonly salt: Uint8Array; readonly bytes: Uint8Array } | undefined;
  /** Inclusion proof in the tree of the header's size, for an export of one session. */
  readonly proof?: readonly Uint8Array[];
}

/** Source of an export: a snapshot of the log. */
export interface ExportSource {
  readonly header: ExportHeader;
  /**
   * Every leaf (or every leaf of the session) in tree order; then, for a full export, queued entries in chain order. In
   * lists of any length. Omitted leaves count as missing.
   */
  entries(): AsyncIterable<readonly ExportedEntry[]>;
  /** Signed notes up to the header's size, smallest first; for one session, the one of that size. */
  checkpoints(): AsyncIterable<string>;
}
