import type { Analysis, EndReason, ExamDown, Throttle } from '../../protocol/down.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Event, Risk } from '../../protocol/events.ts';
import type { StateChange } from './link-state.ts';

export type Welcome = Omit<Extract<ExamDown, { type: 'welcome' }>, 'type'>;
export type Ended = { readonly reason: EndReason; readonly risk: Risk };

/** What `InvigilClient.on` can listen to. */
export interface ClientEvents {
  state: StateChange;
  welcome: Welcome;
  ack: { readonly seq: number };
  /** The server takes no signal from this number on until `go`: they are kept here, and the connection stays. */
  hold: { readonly from: number };
  go: { readonly from: number };
  event: Event;
  risk: Risk;
  analysis: Analysis;
  /** Also at every welcome. */
  throttle: Throttle;
  notice: { readonly text: string };
  paused: { readonly reason: string | null };
  resumed: Record<string, never>;
  extended: { readonly deadline: string };
  ended: Ended;
  error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly retryable: boolean;
    readonly ref?: string | number | undefined;
  };
}
