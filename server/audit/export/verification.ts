import type { ExportHeader } from './format.ts';

export interface VerifyOptions {
  /** Path of checkpoints stored where the server cannot write. */
  readonly checkpoints?: string | undefined;
  /** Trusted verifier keys. Default: the key in the file, which nobody vouches for. */
  readonly keys?: readonly string[] | undefined;
  readonly onProgress?: (checked: number, of: number) => void;
  /** Minimum number of cached chains. */
  readonly rememberedChains?: number;
}

/**
 * Fault of an entry. `missing`: the leaf has no entry. `encoding`: not an entry. `hash`: differs from the leaf.
 * `position`: does not continue its chain, because one is missing or duplicated. `link`: refers to a different previous
 * entry. `payload`: differs from its digest. `session`: belongs to another session. `inclusion`: is not at its position
 * of the tree.
 */
export type EntryReason = 'missing' | 'encoding' | 'hash' | 'position' | 'link' | 'payload' | 'session' | 'inclusion';

/**
 * Fault of a checkpoint. `malformed`: not a checkpoint. `unknown_key`: not signed by a trusted key. `bad_signature`:
 * the signature does not match. `origin`: of another log. `order`: smaller than the previous one. `root`: the log had
 * another root at that size. `beyond`: of a longer log, so the end was cut off.
 */
export type CheckpointReason = 'malformed' | 'unknown_key' | 'bad_signature' | 'origin' | 'order' | 'root' | 'beyond';

export type ExportFault =
  | {
      readonly what: 'entry';
      readonly reason: EntryReason;
      /** From 0; null: queued entry. */
      readonly leaf: number | null;
      /** Null if the entry does not tell. */
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
  /** First fault in file order. */
  readonly firstBad: ExportFault | undefined;
  /** Undefined: not an export. */
  readonly header: ExportHeader | undefined;
  /** Number of good entries before the first fault. */
  readonly checked: number;
  /** Of these, entries with an erased payload; their digests remain. */
  readonly erased: number;
  /** Of these, queued entries, not covered by a checkpoint. */
  readonly pending: number;
  /** Matching checkpoints, in the file and outside. */
  readonly inside: number;
  readonly outside: number;
  /** Outside checkpoints of other sizes, which an export of one session cannot be compared with. */
  readonly notCompared: number;
  /** Parts of the outside file that are not checkpoints, for example truncated by a crash. */
  readonly unreadable: number;
  /** Leaves of the largest matching checkpoint that is signed by a given key or stored outside. */
  readonly vouched: number;
  readonly vouchedBy: { readonly key: boolean; readonly outside: boolean };
}

/** Number of matching checkpoints, and the leaves of the largest. */
export interface Agreed {
  readonly count: number;
  readonly largest: number;
}

/** Counts made during the pass. */
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

/** @param keysGiven whether the file's checkpoints were checked with trusted keys */
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
