import { treeSize } from '../../../db/audit/tree.ts';
import type { Executor } from '../../../db/executor.ts';
import type { AuditVerification } from '../../../protocol/http/audit.ts';
import type { Clock } from '../../clock.ts';
import { type Counts, noCounts } from './fault-found.ts';
import { type Trust, verifyAudit } from './verify.ts';

export interface AuditVerifierParts extends Trust {
  readonly db: Executor;
  readonly clock: Clock;
}

/** A running verification and its waiters. */
interface Run {
  readonly result: Promise<AuditVerification>;
  readonly stop: AbortController;
  readonly counts: Counts;
  /** Leaves of the tree at its start; undefined until it is read. */
  size: number | undefined;
  waiting: number;
}

/** Runs verifications of the log, one at a time, shared by concurrent requests. */
export class AuditVerifier {
  readonly #parts: AuditVerifierParts;
  #run: Run | undefined;

  constructor(parts: AuditVerifierParts) {
    this.#parts = parts;
  }

  /** Entries and leaves verified so far, of about `size` each; undefined: none is running. */
  get progress(): { readonly checked: number; readonly leaves: number; readonly size: number | undefined } | undefined {
    const run = this.#run;
    return run && { checked: run.counts.checked, leaves: run.counts.leaves, size: run.size };
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
    const counts = noCounts();
    const result = verifyAudit(db, this.#parts, new Date(clock()), stop.signal, counts);
    const run: Run = { result, stop, counts, size: undefined, waiting: 0 };
    treeSize(db).then(
      (size) => (run.size = size),
      () => {},
    );
    const ended = () => {
      if (this.#run === run) this.#run = undefined;
    };
    result.then(ended, ended);
    return run;
  }
}
