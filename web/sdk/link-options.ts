import type { Backoff } from './backoff.ts';
import type { SocketConstructor } from './socket.ts';

/** Response of `POST /api/sessions/:id/ticket`; further fields are ignored. */
export interface TicketAnswer {
  readonly ticket: string;
  /** Path of the socket. */
  readonly url: string;
  /** Id of the session, if the ticket's issuer includes it. */
  readonly session?: string | undefined;
}

export interface LinkOptions {
  /** URL of the server, with `http://` or `https://`; a path prefix, if any, is also in the ticket's `url`. */
  readonly server: string;
  /**
   * Called for every connection and every `reauth`; must return a new ticket, made with an access token that is still
   * valid (C8). A rejection is retried with backoff unless the error has `retryable: false`; its `code`
   * (`session_over`, `unauthenticated`, ...) then determines the final state.
   */
  readonly getTicket: () => Promise<TicketAnswer>;
  /** Default: the global WebSocket. Node 20 has none: pass the one of the package `ws`. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** Delays between connection attempts; default: 0 to 0.5 s, doubling up to 20 s. */
  readonly backoff?: Backoff | undefined;
  /** Returns 0 <= x < 1; for tests. */
  readonly random?: (() => number) | undefined;
}

/** Fields read from an error of `getTicket`. */
export interface TicketFault {
  readonly code: string | undefined;
  readonly message: string;
  readonly retryable: boolean;
}

export function readTicketFault(error: unknown): TicketFault {
  const { code, retryable } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    retryable?: unknown;
  };
  return {
    code: typeof code === 'string' ? code : undefined,
    message: error instanceof Error ? error.message : String(error),
    retryable: retryable !== false,
  };
}
