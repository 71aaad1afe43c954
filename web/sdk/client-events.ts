import type { Analysis, EndReason, ExamDown, Throttle } from '../../protocol/down.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Event, Risk } from '../../protocol/events.ts';

type Down<K extends ExamDown['type']> = Omit<Extract<ExamDown, { type: K }>, 'type'>;

export type Welcome = Down<'welcome'>;
export type Ended = { readonly reason: EndReason; readonly risk: Risk };

/**
 * - `idle` not connected yet, or closed by `close()`
 * - `connecting` getting a ticket, opening, greeting
 * - `live` greeted
 * - `waiting` for the next attempt
 * - `unauthenticated` closed 4401: one more attempt follows when `retryInMs` is set, otherwise it needs a new login
 * - `takenOver` another connection has this session; `connect()` takes it back
 * - `ended` the session is over
 * - `failed` the server refuses this client; trying again would not help
 */
export type ClientState = 'idle' | 'connecting' | 'live' | 'waiting' | 'unauthenticated' | 'takenOver' | 'ended' | 'failed';

export interface StateChange {
  readonly state: ClientState;
  /** Until the next attempt. Without it, in any state but `connecting` and `live`, nothing happens by itself. */
  readonly retryInMs?: number;
  /** Close code of the socket, where one was closed. */
  readonly closeCode?: number;
  readonly reason?: string;
}

/** What `on` can listen to. */
export interface ClientEvents {
  state: StateChange;
  welcome: Welcome;
  ack: { readonly seq: number };
  event: Event;
  risk: Risk;
  analysis: Analysis;
  throttle: Throttle;
  notice: { readonly text: string };
  paused: { readonly reason: string | null };
  resumed: Record<string, never>;
  extended: { readonly deadline: string };
  ended: Ended;
  error: { readonly code: ErrorCode; readonly message: string; readonly retryable: boolean; readonly ref?: string | number | undefined };
}
