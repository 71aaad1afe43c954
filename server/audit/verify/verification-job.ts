import type { AuditVerificationState } from '../../../protocol/http/audit.ts';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import type { AuditVerifier } from './verifier.ts';

export interface VerificationJobParts {
  readonly verifier: Pick<AuditVerifier, 'verify' | 'progress'>;
  readonly clock: Clock;
  readonly log: Logger;
}

type Ended = Omit<AuditVerificationState, 'progress'>;

const NEVER: Ended = { state: 'never', startedAt: null, startedBy: null, endedAt: null, result: null };

/**
 * A verification of the log that nobody has to wait for: started and cancelled by any admin, followed by all. It shares
 * the run of requests that wait for theirs.
 */
export class VerificationJob {
  readonly #parts: VerificationJobParts;
  #last: Ended = NEVER;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: VerificationJobParts) {
    this.#parts = parts;
  }

  get state(): AuditVerificationState {
    if (this.#last.state !== 'running') return { ...this.#last, progress: null };
    const { checked, leaves, size } = this.#parts.verifier.progress ?? { checked: 0, leaves: 0, size: undefined };
    return { ...this.#last, progress: { checked, leaves, of: size ?? null } };
  }

  /** Starts it unless it is running. */
  start(by: { readonly id: string; readonly name: string }): AuditVerificationState {
    if (this.#stop) return this.state;
    const stop = new AbortController();
    this.#stop = stop;
    this.#last = { ...NEVER, state: 'running', startedAt: this.#now(), startedBy: by };
    this.#running = this.#run(stop);
    return this.state;
  }

  /** Without effect unless it is running. */
  cancel(): AuditVerificationState {
    if (this.#stop) {
      this.#stop.abort(new Error('cancelled'));
      this.#end(this.#stop, { state: 'cancelled' });
    }
    return this.state;
  }

  /** Resolves when no statement of it is under way any more. */
  ended(): Promise<void> {
    return this.#running;
  }

  async #run(stop: AbortController): Promise<void> {
    const { verifier, log } = this.#parts;
    try {
      this.#end(stop, { state: 'done', result: await verifier.verify(stop.signal) });
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error }, 'verification of the audit log could not be completed');
      this.#end(stop, { state: 'failed' });
    }
  }

  /** The first end counts: one that was cancelled may still be shared by others, and have a result. */
  #end(stop: AbortController, end: Pick<Ended, 'state'> & Partial<Ended>): void {
    if (this.#stop !== stop) return;
    this.#stop = undefined;
    this.#last = { ...this.#last, ...end, endedAt: this.#now() };
  }

  #now(): string {
    return new Date(this.#parts.clock()).toISOString();
  }
}
