import type { Attention } from '../../protocol/attention.ts';

/** Attention of a session as it is stored; see `server/session/rules/attention.ts`. */
export interface AttentionState {
  /** By event type. */
  readonly parts: Readonly<Record<string, AttentionPart>>;
  /** Highest value so far, as it was then. */
  readonly peak: Attention;
}

export interface AttentionPart {
  /** Points of ended events, decayed to `at`. */
  readonly sum: number;
  /** Server ms. */
  readonly at: number;
  /** Beginning of the open event, server ms; null: none is open. */
  readonly open: number | null;
}
