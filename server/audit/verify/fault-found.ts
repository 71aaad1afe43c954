import type { ChainPlace } from '../../../db/audit/verification-pages.ts';
import type { AuditFault } from '../../../protocol/http/audit.ts';

/** Ends a verification with the first fault. */
export class FaultFound extends Error {
  override readonly name = 'FaultFound';
  readonly fault: AuditFault;

  constructor(fault: AuditFault) {
    super(`${fault.reason} fault`);
    this.fault = fault;
  }
}

export const entryFault = (
  reason: AuditFault['reason'],
  at: ChainPlace,
  more: Pick<AuditFault, 'leaf' | 'seq'> = {},
): FaultFound =>
  new FaultFound({ reason, entityType: at.entity_type, entityId: at.entity_id, position: at.position, ...more });

export const checkpointFault = (
  kept: 'inside' | 'outside',
  size: number | null,
  fault: NonNullable<AuditFault['checkpoint']>['fault'],
): FaultFound => new FaultFound({ reason: 'checkpoint', checkpoint: { kept, size, fault } });

/** Counts verified so far. */
export interface Counts {
  checked: number;
  leaves: number;
  checkpoints: number;
  records: number;
  vouched: number;
}

export const noCounts = (): Counts => ({ checked: 0, leaves: 0, checkpoints: 0, records: 0, vouched: 0 });
