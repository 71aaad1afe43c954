import type { Backoff } from './backoff.ts';
import type { SocketConstructor } from './socket.ts';

/** What `POST /api/sessions/:id/ticket` answers; more fields do no harm. */
export interface TicketAnswer {
  readonly ticket: string;
  /** The socket's path. */
  readonly url: string;
  /** Id of the session, where whoever made the ticket says it. */
  readonly session?: string | undefined;
}

export interface LinkOptions {
  /** Origin of the server, `http://` or `https://`. */
  readonly server: string;
  /**
   * Called for every connection and for every `reauth`; each call must give a new ticket, made with an access token
   * that lives on (C8). A rejection is tried again with the backoff, unless the error has `retryable: false`; its
   * `code` (`session_over`, `unauthenticated`, ...) then decides the final state.
   */
  readonly getTicket: () => Promise<TicketAnswer>;
  /** Default: the runtime's own. Node 20 has none: pass that of the package `ws`. */
  readonly WebSocket?: SocketConstructor | undefined;
  readonly backoff?: Backoff | undefined;
  /** 0 <= x < 1; for tests. */
  readonly random?: (() => number) | undefined;
}

/** What the client reads of an error that `getTicket` threw. */
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
