import pg from 'pg';

/** SQLSTATE read_only_sql_transaction: a standby, or a former primary that was made read-only. */
const READ_ONLY = '25006';

/**
 * SQLSTATEs after which a connection is of no use: class 08 (connection), 57P01 to 57P05 (the server or its database
 * stops, starts or ends the session), 25P03 and 25P04 (sessions ended by a timeout), and writes refused as read-only.
 */
const ENDING = /^(?:08...|57P0[1-5]|25P0[34]|25006)$/;

/** - `connection`: this connection only. `server`: every connection that was made to this server so far */
export type Ends = 'connection' | 'server';

/** What else cannot be used after an error of a query; undefined: the connection is good. */
export function endedBy(error: Error): Ends | undefined {
  if (error instanceof pg.DatabaseError) {
    if (error.code === READ_ONLY) return 'server';
    return ENDING.test(error.code ?? '') || error.severity === 'FATAL' || error.severity === 'PANIC'
      ? 'connection'
      : undefined;
  }
  // Thrown for values that cannot be sent.
  if (error instanceof TypeError || error instanceof RangeError) return undefined;
  // A host that disappeared without a packet: the other connections to it would each wait as long.
  return error.message === 'Query read timeout' ? 'server' : 'connection';
}

/** SQLSTATEs of a server that is starting or stopping, out of connections, or was reached through a broken line. */
const PASSING = /^(?:08|53|57P0)/;
/** The server's certificate is not accepted, or it has none. */
const CERTIFICATE = /^(?:ERR_TLS|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;
/** node-postgres about a server that asks for a password when none is set, or answers the login unexpectedly. */
const LOGIN = /^SASL|password must be/;

/** In words. Node reports a name with several addresses as an error without a message. */
export function describeFault(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((one: Error) => one.message).join(', ');
  return error.message.includes('password must be')
    ? 'it asks for a password, and none is set: DATABASE_PASSWORD or PGPASSWORD'
    : error.message;
}

/** Whether a failure to connect can pass by itself: not one of a password, name or certificate. */
export function canPass(error: Error & { code?: unknown }): boolean {
  const code = typeof error.code === 'string' ? error.code : '';
  if (error instanceof pg.DatabaseError) return PASSING.test(code);
  return !CERTIFICATE.test(code) && !LOGIN.test(error.message) && !error.message.includes('does not support SSL');
}
