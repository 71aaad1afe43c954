import type { Durability } from '../../db/open.ts';
import type { LogState } from '../audit/tree/tree-writer.ts';

interface StoreStatus {
  readonly kind: string;
  readonly durability: Durability;
  /** The last commit worked. */
  readonly there: boolean;
}

/** Server state that `/health` reports. Each part replaces its function when it has started. */
export class Status {
  phase: 'starting' | 'ok' | 'stopping' = 'starting';
  store: () => StoreStatus | undefined = () => undefined;
  audit: () => LogState | undefined = () => undefined;
}
