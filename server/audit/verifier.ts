import type { Executor } from '../../db/executor.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import type { Clock } from '../clock.ts';
import { type Trust, verifyAudit } from './verify.ts';

export interface AuditVerifierParts extends Trust {
  readonly db: Executor;
  readonly clock: Clock;
}

/** Verifies the log for whoever asks: it is read from one end to the other, so that one run at a time is enough. */
export class AuditVerifier {
  readonly #parts: AuditVerifierParts;
  #running: Promise<AuditVerification> | undefined;

  constructor(parts: AuditVerifierParts) {
    this.#parts = parts;
  }

  /** Who asks while it runs gets the same answer, which says when it began. */
  verify(): Promise<AuditVerification> {
    const { db, clock } = this.#parts;
    this.#running ??= verifyAudit(db, this.#parts, new Date(clock())).finally(() => (this.#running = undefined));
    return this.#running;
  }
}
