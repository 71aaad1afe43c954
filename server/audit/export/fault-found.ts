import type { EntryFields } from './entry-fields.ts';
import type { CheckpointReason, EntryReason, ExportFault } from './verification.ts';

/** Ends a verification with the first fault. */
export class FaultFound extends Error {
  override readonly name = 'FaultFound';
  readonly fault: ExportFault;

  constructor(fault: ExportFault) {
    super(`${fault.what} fault`);
    this.fault = fault;
  }
}

export const entryFault = (reason: EntryReason, leaf: number | null, fields?: EntryFields): FaultFound =>
  new FaultFound({
    what: 'entry',
    reason,
    leaf,
    entityType: fields?.entityType ?? null,
    entityId: fields?.entityId ?? null,
    position: fields?.position ?? null,
  });

export const checkpointFault = (
  reason: CheckpointReason,
  kept: 'inside' | 'outside',
  size: number | null,
  detail: string,
): FaultFound => new FaultFound({ what: 'checkpoint', reason, kept, size, detail });
