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

/** Of the pool's connections, reads leave some for more urgent work; writes wait for each other in the pool. */
const postgresLimits = (connections: number): Readonly<Record<LineName, LineLimits>> => {
  const entry = Math.max(1, connections - 1);
  const read = Math.max(1, Math.round((connections * 2) / 3));
  const write = Math.max(2, Math.round((connections * 16) / 9));
  return {
    ...EMBEDDED,
    entry: { atOnce: entry, ofOne: Math.min(4, entry), ...WAITING },
    read: { atOnce: read, ofOne: Math.min(4, read), ...WAITING },
    write: { atOnce: write, ofOne: Math.min(4, write), ...WAITING },
  };
};

/** Queues of requests before the database. */
export class RequestLines {
  readonly #lines: Readonly<Record<LineName, RequestLine>>;

  /** @param connections of the pool; undefined: the embedded database */
  constructor(connections?: number) {
    const limits = connections === undefined ? EMBEDDED : postgresLimits(connections);
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
