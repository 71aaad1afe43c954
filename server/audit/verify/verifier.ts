import type { Executor } from '../../../db/executor.ts';
import type { AuditVerification } from '../../../protocol/http/audit.ts';
import type { Clock } from '../../clock.ts';
import { type Trust, verifyAudit } from './verify.ts';

export interface AuditVerifierParts extends Trust {
  readonly db: Executor;
  readonly clock: Clock;
}

/** A running verification and its waiters. */
interface Run {
  readonly result: Promise<AuditVerification>;
  readonly stop: AbortController;
  waiting: number;
}

/** Runs verifications of the log, one at a time, shared by concurrent requests. */
export class AuditVerifier {
  readonly #parts: AuditVerifierParts;
  #run: Run | undefined;

  constructor(parts: AuditVerifierParts) {
    this.#parts = parts;
  }

  /**
   * Joins a running verification, whose result tells when it started, or starts one. It stops when all waiters have
   * left.
   * @param left aborts when this waiter leaves
   * @throws what stopped it early
   */
  async verify(left?: AbortSignal): Promise<AuditVerification> {
    left?.throwIfAborted();
    const run = (this.#run ??= this.#begin());
    const leave = () => {
      run.waiting -= 1;
      if (run.waiting > 0) return;
      run.stop.abort(left?.reason);
      // Later requests start another one.
      if (this.#run === run) this.#run = undefined;
    };
    run.waiting += 1;
    left?.addEventListener('abort', leave, { once: true });
    try {
      return await run.result;
    } finally {
      left?.removeEventListener('abort', leave);
    }
  }

  #begin(): Run {
    const { db, clock } = this.#parts;
    const stop = new AbortController();
    const result = verifyAudit(db, this.#parts, new Date(clock()), stop.signal);
    const run: Run = { result, stop, waiting: 0 };
    const ended = () => {
      if (this.#run === run) this.#run = undefined;
    };
    result.then(ended, ended);
    return run;
  }
}
