import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stdout. What must never be logged is named here once, beside not being passed in. */
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
