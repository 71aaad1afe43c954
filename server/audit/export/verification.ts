import type { ExportHeader } from './format.ts';

export interface VerifyOptions {
  /** Path of a file of checkpoints that was kept where the server cannot write. */
  readonly checkpoints?: string | undefined;
  /** Verifier keys that are trusted. Without: that of the file, for which nobody vouches. */
  readonly keys?: readonly string[] | undefined;
  readonly onProgress?: (checked: number, of: number) => void;
  /** Chains that are remembered at least. */
  readonly rememberedChains?: number;
}

/**
 * What is wrong with an entry. `missing`: the tree has a leaf and there is no entry. `encoding`: the entry is not one.
 * `hash`: it is not what the tree has. `position`: it does not continue its chain: one is missing before it, or there
 * are two. `link`: it follows another one than the one before it. `payload`: it is not what was logged. `session`: it
 * is of another one. `inclusion`: it is not at its place in the tree.
 */
export type EntryReason = 'missing' | 'encoding' | 'hash' | 'position' | 'link' | 'payload' | 'session' | 'inclusion';

/**
 * What is wrong with a checkpoint. `malformed`: it is not one. `unknown_key`: nobody that is trusted signed it.
 * `bad_signature`: what was signed is something else. `origin`: it is of another log. `order`: it is of an earlier size
 * than the one before it. `root`: at its size the log was another one. `beyond`: the log was longer: its end was cut
 * off.
 */
export type CheckpointReason = 'malformed' | 'unknown_key' | 'bad_signature' | 'origin' | 'order' | 'root' | 'beyond';

export type ExportFault =
  | {
      readonly what: 'entry';
      readonly reason: EntryReason;
      /** From 0; null: of an entry that waits for its place in the tree. */
      readonly leaf: number | null;
      /** Null where the entry does not say. */
      readonly entityType: string | null;
      readonly entityId: string | null;
      readonly position: number | null;
    }
  | {
      readonly what: 'checkpoint';
      readonly reason: CheckpointReason;
      readonly kept: 'inside' | 'outside';
      readonly size: number | null;
      readonly detail: string;
    }
  | { readonly what: 'file'; readonly detail: string };

export interface ExportVerification {
  readonly valid: boolean;
  /** The first one, in the order of the file. */
  readonly firstBad: ExportFault | undefined;
  /** Undefined: the file is no export. */
  readonly header: ExportHeader | undefined;
  /** Good entries, up to the first bad one. */
  readonly checked: number;
  /** Entries of these whose payload was erased: their digests stand. */
  readonly erased: number;
  /** Entries of these without a place in the tree yet: no checkpoint speaks for them. */
  readonly pending: number;
  /** Good checkpoints, of the file and of the one kept outside. */
  readonly inside: number;
  readonly outside: number;
  /** Checkpoints kept outside that an export of one session cannot be compared with: they are of other sizes. */
  readonly notCompared: number;
  /** Passages of the file kept outside that are no checkpoints: a crash may have cut one off. */
  readonly unreadable: number;
  /**
   * Leaves of the largest checkpoint that agrees and that somebody vouches for: one signed by a key that was given, or
   * one kept outside.
   */
  readonly vouched: number;
  readonly vouchedBy: { readonly key: boolean; readonly outside: boolean };
}

/** Checkpoints that agree, and the largest one's leaves. */
export interface Agreed {
  readonly count: number;
  readonly largest: number;
}

/** What was seen on the way. */
export interface Findings {
  readonly checked?: number;
  readonly fault?: ExportFault | undefined;
  readonly erased?: number;
  readonly pending?: number;
  readonly inside?: Agreed;
  readonly outside?: Agreed;
  readonly notCompared?: number;
  readonly unreadable?: number;
}

/** @param keysGiven the file's checkpoints were checked with keys that somebody trusts */
export function describeResult(
  header: ExportHeader | undefined,
  keysGiven: boolean,
  findings: Findings,
): ExportVerification {
  const { checked = 0, fault, erased = 0, pending = 0, inside, outside, notCompared = 0, unreadable = 0 } = findings;
  const vouchedBy = { key: keysGiven && (inside?.count ?? 0) > 0, outside: (outside?.count ?? 0) > 0 };
  return {
    valid: fault === undefined,
    firstBad: fault,
    header,
    checked,
    erased,
    pending,
    inside: inside?.count ?? 0,
    outside: outside?.count ?? 0,
    notCompared,
    unreadable,
    vouched: Math.max(vouchedBy.key ? inside!.largest : 0, vouchedBy.outside ? outside!.largest : 0),
    vouchedBy,
  };
}
