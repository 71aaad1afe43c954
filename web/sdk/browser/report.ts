import type { KnownSignal } from '../../../protocol/event-types.ts';

/** Passes a signal that was detected to the connection. */
export type Report = (signal: KnownSignal, data?: Readonly<Record<string, unknown>>) => void;
