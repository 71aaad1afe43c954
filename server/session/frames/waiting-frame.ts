import type { EventRow } from '../../../db/events.ts';
import type { Detection } from '../../../models/jobs.ts';
import type { QueuedFrame } from '../../inference/scheduler.ts';

/** Result of a frame for the request that posted it. */
export type PostedResult =
  | { readonly kind: 'analysed'; readonly detection: Detection; readonly rows: readonly EventRow[] }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'replaced' | 'cut_off' | 'host_lost' | 'inference_failed' | 'vision_off' };

/** As it was sent; what the models need besides is added when they take it. */
export interface WaitingFrame extends Omit<QueuedFrame, 'hint' | 'eyes'> {
  readonly seq: number;
  /** By the client's clock, ms since 1970; undefined for a frame that came by HTTP, which has no such time. */
  readonly capturedAt?: number;
  /** For a frame that came by HTTP: called once, when its rows are on their way to the database. */
  readonly settled?: (result: PostedResult) => void;
}
