/** The database cannot be used at the moment: it is down, refuses connections, does not answer, or takes no writes. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'database_unavailable';

  constructor(cause: Error) {
    super(cause.message || 'the database cannot be reached', { cause });
  }
}

/** The server answers, but cannot serve this database as it is set up; waiting does not help. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
  readonly code = 'database_refused';
}

/**
 * SQLSTATEs of statements that failed without their fault: class 53 (no disk space, memory or connections), class 40
 * (serialisation failures, deadlocks) but for 40002 (a constraint), 57014 (cancelled by a timeout or an administrator)
 * and 55P03 (a lock that was not granted in time).
 */
const PASSING = /^(?:53...|40(?!002)...|57014|55P03)$/;

/** Whether the same work may succeed later without any change to it. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && PASSING.test(code);
}
