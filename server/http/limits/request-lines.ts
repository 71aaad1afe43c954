import { type LineLimits, RequestLine, type Whose } from './request-line.ts';

/**
 * Queue of a route. `entry`: tickets and renewal of logins, which bring students into the exam and keep them there;
 * waits only for its own kind. `own`: routes with a fair queue of their own (hashing, inference, write queue, audit
 * log); only concurrency per user is limited.
 */
export type LineName = 'entry' | 'read' | 'write' | 'own';

const WAITING = { waitingOfUser: 400, waitingOfNetwork: 1000 };

/** An embedded database runs one statement at a time: more concurrency would only be an unfair queue. */
const EMBEDDED: Readonly<Record<LineName, LineLimits>> = {
  entry: { atOnce: 4, ofOne: 2, ...WAITING },
  read: { atOnce: 4, ofOne: 2, ...WAITING },
  write: { atOnce: 16, ofOne: 4, ...WAITING },
  own: { atOnce: Infinity, ofOne: 64, ...WAITING },
};

/** The pool has 10 connections: reads leave some for more urgent work. */
const POSTGRES: Readonly<Record<LineName, LineLimits>> = {
  ...EMBEDDED,
  entry: { atOnce: 8, ofOne: 4, ...WAITING },
  read: { atOnce: 6, ofOne: 4, ...WAITING },
};

/** Queues of requests before the database. */
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

  /** @throws ProtocolError `rate_limited` or `unavailable`; or the error of `work` */
  run<T>(name: LineName, whose: Whose, work: () => Promise<T>, isWanted: () => boolean): Promise<T> {
    // A class behind one address would wait although nothing is scarce.
    if (name === 'own' && whose.kind === 'network') return work();
    return this.#lines[name].run(whose, work, isWanted);
  }
}
