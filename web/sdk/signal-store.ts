import type { SignalBody } from './signal-queue.ts';

/** A stream as far as it is known to be stored by the server, and the signals after that. */
export interface StoredRun {
  /** Undefined when none of the signals was ever sent. */
  readonly stream: string | undefined;
  /** Number of the last acknowledged signal; the first of `signals` has the next one. */
  readonly acked: number;
  readonly signals: readonly SignalBody[];
}

/**
 * Keeps one session's run of signals beyond the life of the page. Several tabs can have one of the same session; only
 * the one that claimed it last may use it, so that no number is given to two signals (rule S5).
 */
export interface SignalStore {
  readonly session: string;
  /** Takes the run over from whoever used it. */
  claim(): Promise<StoredRun>;
  /** Whether nobody else has claimed it since. */
  owned(): Promise<boolean>;
  /** @returns false, and stores nothing, when somebody else has claimed it */
  save(run: StoredRun): Promise<boolean>;
  /** The session is over. */
  remove(): Promise<void>;
}
