import type { SocketRefusal } from './refusal.ts';

/**
 * - `idle` not connected yet, or closed by this client
 * - `connecting` requesting a ticket, opening, waiting for `welcome`
 * - `live` connected
 * - `waiting` until the next attempt
 * - `unauthenticated` closed 4401; with `retryInMs` one more attempt follows, without it a new login is needed
 * - `takenOver` replaced by another connection; `connect()` takes the session back
 * - `ended` the session is over
 * - `failed` refused by the server; a retry would not help
 */
export type LinkState =
  'idle' | 'connecting' | 'live' | 'waiting' | 'unauthenticated' | 'takenOver' | 'ended' | 'failed';

export interface StateChange {
  readonly state: LinkState;
  /** Delay until the next attempt, ms. Without it, in any state but `connecting` and `live`, no attempt follows. */
  readonly retryInMs?: number;
  /** Close code, if a socket was closed. */
  readonly closeCode?: number;
  readonly reason?: string;
  /** Setting of the server that makes it refuse this page's sockets, once it has said so. */
  readonly refusal?: SocketRefusal;
}
