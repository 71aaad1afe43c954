/**
 * - `idle` not connected yet, or closed from this side
 * - `connecting` getting a ticket, opening, greeting
 * - `live` greeted
 * - `waiting` for the next attempt
 * - `unauthenticated` closed 4401: one more attempt follows when `retryInMs` is set, otherwise it needs a new login
 * - `takenOver` another connection has this session; connecting again takes it back
 * - `ended` the session is over
 * - `failed` the server refuses this client; trying again would not help
 */
export type LinkState =
  'idle' | 'connecting' | 'live' | 'waiting' | 'unauthenticated' | 'takenOver' | 'ended' | 'failed';

export interface StateChange {
  readonly state: LinkState;
  /** Until the next attempt. Without it, in any state but `connecting` and `live`, nothing happens by itself. */
  readonly retryInMs?: number;
  /** Close code of the socket, where one was closed. */
  readonly closeCode?: number;
  readonly reason?: string;
}
