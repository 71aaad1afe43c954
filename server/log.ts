import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stdout. Secrets are not passed in; their field names are redacted here as well. */
export function createLog(level: string): Logger {
  return pino({
    level,
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
  });
}
