import type { SignalBody } from './signal-queue.ts';

/** A stream: its acknowledged part by number, and the signals after it. */
export interface StoredRun {
  /** Undefined if no signal was ever sent. */
  readonly stream: string | undefined;
  /** Number of the last acknowledged signal; the first of `signals` has the next number. */
  readonly acked: number;
  readonly signals: readonly SignalBody[];
}

/**
 * Stores the unacknowledged signals of one session beyond the life of the page or process. Of several clients of one
 * session, only the last one to claim the run uses it, so that no number is given to two signals (rule S5).
 */
export interface SignalStore {
  readonly session: string;
  /** Takes the run over from any other client. */
  claim(): Promise<StoredRun>;
  /** True unless another client has claimed the run since. */
  owned(): Promise<boolean>;
  /** @returns false, without storing, if another client has claimed the run */
  save(run: StoredRun): Promise<boolean>;
  /** As `save`, but synchronous, and without looking for another client. @returns false if nothing is stored */
  copyNow?(run: StoredRun): boolean;
  /** Deletes the run. */
  remove(): Promise<void>;
}
