import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Db, Executor } from '../../db/executor.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import { CheckpointFile } from '../../server/audit/checkpoints/checkpoint-file.ts';
import { Signer } from '../../server/audit/checkpoints/signer.ts';
import { TreeWriter } from '../../server/audit/tree/tree-writer.ts';
import { verifyAudit } from '../../server/audit/verify/verify.ts';
import type { Timers } from '../../server/clock.ts';
import { Metrics } from '../../server/metrics.ts';

/** The audit log of a database without a server: its key, folder and writer. */
export class TreeLog {
  readonly db: Db;
  readonly folder: string;
  readonly signer: Signer;
  readonly outside: CheckpointFile;
  readonly metrics = new Metrics();
  clock: () => number = Date.now;
  timers: Timers | undefined;

  private constructor(db: Db, folder: string, signer: Signer) {
    this.db = db;
    this.folder = folder;
    this.signer = signer;
    this.outside = new CheckpointFile(join(folder, 'checkpoints'));
  }

  static async open(db: Db, signer = new Signer(randomBytes(32))): Promise<TreeLog> {
    return new TreeLog(db, await mkdtemp(join(tmpdir(), 'invigil-audit-')), signer);
  }

  /** Not started. */
  writer(db: Db = this.db): TreeWriter {
    return new TreeWriter({
      db,
      clock: () => this.clock(),
      timers: this.timers,
      log: pino({ level: 'silent' }),
      metrics: this.metrics,
      signer: this.signer,
      outside: this.outside,
    });
  }

  /** Gives every entry its position and signs the result. */
  async settle(): Promise<TreeWriter> {
    const writer = this.writer();
    await writer.stop();
    return writer;
  }

  verify(ex: Executor = this.db): Promise<AuditVerification> {
    return verifyAudit(ex, { keys: [this.signer.key], outside: this.outside });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
