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

/** SQLSTATE class 53: no disk space, memory or connections. */
const NO_RESOURCES = /^53/;

/** Whether the same work may succeed later without any change to it. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.length === 5 && NO_RESOURCES.test(code);
}
