import type { Executor } from '../../../db/executor.ts';
import type { AuditVerification } from '../../../protocol/http/audit.ts';
import type { Clock } from '../../clock.ts';
import { type Trust, verifyAudit } from './verify.ts';

export interface AuditVerifierParts extends Trust {
  readonly db: Executor;
  readonly clock: Clock;
}

/** One verification, and who waits for it. */
interface Run {
  readonly result: Promise<AuditVerification>;
  readonly stop: AbortController;
  waiting: number;
}

/** Verifies the log for whoever asks: it is read from one end to the other, so that one run at a time is enough. */
export class AuditVerifier {
  readonly #parts: AuditVerifierParts;
  #run: Run | undefined;

  constructor(parts: AuditVerifierParts) {
    this.#parts = parts;
  }

  /**
   * Who asks while it runs gets the same answer, which says when it began. It ends early when all who asked have left.
   * @param left aborts when this one wants no answer any more
   * @throws what ended it early
   */
  async verify(left?: AbortSignal): Promise<AuditVerification> {
    left?.throwIfAborted();
    const run = (this.#run ??= this.#begin());
    const leave = () => {
      run.waiting -= 1;
      if (run.waiting > 0) return;
      run.stop.abort(left?.reason);
      // Whoever comes now waits for another one.
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
