import type { Durability } from '../../db/open.ts';
import type { LogState } from '../audit/tree/tree-writer.ts';
import type { LogOutput } from '../line-writer.ts';

interface DatabaseStatus {
  readonly engine: 'pglite' | 'postgres';
  readonly durability: Durability;
  /** The last commit and the last probe succeeded. */
  readonly isUp: boolean;
}

/** Server state that `/health` reports. Each part replaces its function when it has started. */
export class Status {
  phase: 'starting' | 'ok' | 'stopping' = 'starting';
  database: () => DatabaseStatus | undefined = () => undefined;
  audit: () => LogState | undefined = () => undefined;
  logs: () => LogOutput | undefined = () => undefined;
}
