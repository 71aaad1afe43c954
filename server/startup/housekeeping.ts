import type { Logins } from '../auth/logins/logins.ts';
import type { Tickets } from '../auth/tickets/tickets.ts';
import { type RetentionParts, startRetention } from '../session/record/retention.ts';
import { ExamSchedule } from '../exams/exam-schedule.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { every } from './every.ts';

const TICKET_SWEEP_MS = 60_000;
const LOGIN_SWEEP_MS = 600_000;
const SCHEDULE_MS = 5000;

export interface HousekeepingParts extends RetentionParts {
  readonly tickets: Tickets;
  readonly logins: Logins;
}

/**
 * Opens and closes exams at their times, and deletes expired tickets, finished logins and everything past its retention,
 * until the signal is aborted.
 */
export function startHousekeeping(parts: HousekeepingParts, signal: AbortSignal): void {
  const { tickets, logins, log, timers } = parts;
  every(
    TICKET_SWEEP_MS,
    signal,
    oneAtATime(() =>
      tickets.sweep().catch((error: unknown) => log.debug({ err: error }, 'deleting expired tickets failed')),
    ),
    timers,
  );
  every(
    LOGIN_SWEEP_MS,
    signal,
    oneAtATime(() =>
      logins.forgetFinished().catch((error: unknown) => log.debug({ err: error }, 'deleting finished logins failed')),
    ),
    timers,
  );
  const schedule = new ExamSchedule(parts);
  every(SCHEDULE_MS, signal, () => void schedule.sweep(), timers);
  signal.addEventListener('abort', startRetention(parts), { once: true });
}
