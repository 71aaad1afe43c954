import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** Secrets are not passed in; their field names are redacted here as well. */
const OPTIONS: LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: [
      'password',
      'token',
      'ticket',
      'accessToken',
      'refreshToken',
      'authorization',
      'jpeg',
      '*.password',
      '*.token',
      '*.ticket',
      '*.jpeg',
    ],
    remove: true,
  },
};

/**
 * JSON lines.
 * @param output standard output when left out, by pino's own writer, which waits for it without a bound: for tests and
 * benchmarks
 */
export function createLog(level: string, output?: { write(line: string): void }): Logger {
  const options = { ...OPTIONS, level };
  return output ? pino(options, output) : pino(options);
}
