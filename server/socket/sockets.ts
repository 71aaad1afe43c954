import { CLOSE } from '../../protocol/errors.ts';
import type { Revocations } from '../auth/logins/revocations.ts';
import type { Tickets } from '../auth/tickets/tickets.ts';
import { type Clock, systemTimers, type Timers } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import type { Connection } from './connection.ts';
import type { SocketHandler } from './socket-handler.ts';

const CHECK_MS = 1000;
const STOPPING = 'server stops';
/** Rule C8. */
const ASK_BEFORE_MS = 60_000;

/**
 * A fresh ticket that the database cannot confirm at the moment keeps its socket open this long beyond the end of the
 * old login, and never beyond its own (rule C8), ms.
 */
const GRACE_MS = 5 * 60_000;

/** End of the connection's login, server ms. */
function endOf({ authExpiresAt, renewal }: Connection): number {
  return renewal ? Math.max(authExpiresAt, Math.min(authExpiresAt + GRACE_MS, renewal.authExpiresAt)) : authExpiresAt;
}

interface Entry {
  readonly handler: SocketHandler;
  asked: number;
}

/** A socket that was closed is handled within a few turns; the server does not wait longer for it than this, ms. */
const MAX_CLOSE_MS = 1000;
/** Sockets of one statement. */
const RECHECKED = 1000;

/** All open sockets: closes those whose login has ended, and all of them when the server stops. */
export class Sockets {
  readonly #open = new Map<Connection, Entry>();
  readonly #clock: Clock;
  readonly #cancelCheck: () => void;
  /** Set while the server stops: called when no socket is left. */
  #onEmpty: (() => void) | undefined;

  constructor(revocations: Revocations, clock: Clock, timers: Timers = systemTimers) {
    this.#clock = clock;
    revocations.onLoginEnded((loginId) =>
      this.#closeWhere('logged out', (connection) => connection.isOfLogin(loginId)),
    );
    revocations.onRightsChanged((userId) =>
      this.#closeWhere('rights changed', (connection) => connection.identity.userId === userId),
    );
    this.#cancelCheck = timers.every(CHECK_MS, () => this.#checkExpiry());
  }

  add(connection: Connection, handler: SocketHandler): void {
    this.#open.set(connection, { handler, asked: 0 });
    if (this.#onEmpty) connection.close(CLOSE.serviceRestart, STOPPING);
  }

  /**
   * Closes the sockets whose login another process has ended, or whose user it has given other rights, if no message of
   * it came. @throws the error of the database
   */
  async recheck(standings: Tickets['standings']): Promise<void> {
    const all = [...this.#open.keys()].filter((connection) => connection.alive);
    for (let from = 0; from < all.length; from += RECHECKED) {
      const some = all.slice(from, from + RECHECKED);
      const now = await standings(some.map(({ identity }) => identity.ticket));
      for (const [index, connection] of some.entries()) {
        const { rightful, role } = now[index]!;
        if (!rightful) connection.close(CLOSE.unauthenticated, 'logged out');
        else if (connection.role !== undefined && role !== connection.role)
          connection.close(CLOSE.unauthenticated, 'rights changed');
      }
    }
  }

  /** Bytes buffered for clients that do not read. */
  get unreadBytes(): number {
    let sum = 0;
    for (const connection of this.#open.keys()) sum += connection.buffered;
    return sum;
  }

  /** Its handler has handled the close. */
  remove(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  /**
   * Closes everything with 1012, spread over the time given, so that the clients do not reconnect all at once. Resolves
   * when every handler has handled its close.
   */
  async drain(ms: number): Promise<void> {
    this.#cancelCheck();
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    const all = [...this.#open.keys()];
    const steps = Math.max(1, Math.min(all.length, Math.ceil(ms / 50)));
    for (let step = 0; step < steps; step++) {
      for (let i = step; i < all.length; i += steps) all[i]?.close(CLOSE.serviceRestart, STOPPING);
      if (step < steps - 1) await new Promise((resolve) => setTimeout(resolve, ms / steps));
    }
    if (this.#open.size > 0) await withDeadline(empty, MAX_CLOSE_MS);
  }

  #closeWhere(reason: string, matches: (connection: Connection) => boolean): void {
    for (const connection of this.#open.keys()) {
      if (matches(connection)) connection.close(CLOSE.unauthenticated, reason);
    }
  }

  #checkExpiry(): void {
    const now = this.#clock();
    for (const [connection, entry] of this.#open) {
      const expiresAt = connection.authExpiresAt;
      if (now >= endOf(connection)) connection.close(CLOSE.unauthenticated, 'token expired');
      else if (now >= expiresAt - ASK_BEFORE_MS && entry.asked !== expiresAt) {
        entry.asked = expiresAt;
        entry.handler.authExpiring(expiresAt);
      }
    }
  }
}
