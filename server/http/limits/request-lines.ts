import { type LineLimits, RequestLine, type Whose } from './request-line.ts';

/**
 * In which line a route's requests wait. `entry`: what brings a student into the exam and keeps them there, tickets and
 * the renewal of logins; it waits for nothing but its own kind. `own`: what has a fair line of its own (hashing,
 * inference, the write queue, long work on the log); only what one user has in work is limited.
 */
export type LineName = 'entry' | 'read' | 'write' | 'own';

const WAITING = { waitingOfUser: 400, waitingOfNetwork: 1000, refuseAfterMs: 1000 };

/** An embedded database does one statement at a time: more at once would only be a line without turns. */
const EMBEDDED: Readonly<Record<LineName, LineLimits>> = {
  entry: { atOnce: 4, ofOne: 2, ...WAITING },
  read: { atOnce: 4, ofOne: 2, ...WAITING },
  write: { atOnce: 16, ofOne: 4, ...WAITING },
  own: { atOnce: Infinity, ofOne: 64, ...WAITING },
};

/** The pool has 10 connections: reads leave some of them to what is more urgent. */
const POSTGRES: Readonly<Record<LineName, LineLimits>> = {
  ...EMBEDDED,
  entry: { atOnce: 8, ofOne: 4, ...WAITING },
  read: { atOnce: 6, ofOne: 4, ...WAITING },
};

/** The lines of requests before the database. */
export class RequestLines {
  readonly #lines: Readonly<Record<LineName, RequestLine>>;

  constructor(database: 'pglite' | 'postgres') {
    const limits = database === 'pglite' ? EMBEDDED : POSTGRES;
    this.#lines = {
      entry: new RequestLine(limits.entry),
      read: new RequestLine(limits.read),
      write: new RequestLine(limits.write),
      own: new RequestLine(limits.own),
    };
  }

  /** @throws ProtocolError `rate_limited` or `unavailable`; what `work` throws */
  run<T>(name: LineName, whose: Whose, work: () => Promise<T>, isWanted: () => boolean): Promise<T> {
    // A class behind one address would wait for each other where nothing is short.
    if (name === 'own' && whose.kind === 'network') return work();
    return this.#lines[name].run(whose, work, isWanted);
  }
}
