import { type ExpectedExamRow, listExpectedExams } from '../../db/expected-sessions.ts';
import type { Executor } from '../../db/executor.ts';
import type { System } from '../../protocol/http/system.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Hours that are looked ahead. */
const HOURS = 24;
const MOST_EXAMS = 200;

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Pure: period in which sessions of an exam can run; undefined: it has no times. */
export function windowOf(exam: Omit<ExpectedExamRow, 'id' | 'title' | 'students'>, now: number): Window | undefined {
  const { starts_at, ends_at, duration_minutes, late_start_minutes } = exam;
  const from = starts_at?.getTime() ?? (ends_at ? now : undefined);
  if (from === undefined) return undefined;
  if (ends_at) return { from, to: ends_at.getTime() };
  // A first attempt can start for as long as late starts are allowed; without a bound, the exam stays open.
  if (duration_minutes === null || late_start_minutes === null) return undefined;
  return { from, to: from + (late_start_minutes + duration_minutes) * MINUTE_MS };
}

type Expected = Pick<System['sessions'], 'hours' | 'exams' | 'untimed'>;

/** Pure: students by hour from now on. */
export function expectedOf(rows: readonly ExpectedExamRow[], now: number): Expected {
  const timed = rows.flatMap((row) => {
    const window = windowOf(row, now);
    return window && window.to > now ? [{ row, window }] : [];
  });
  const hours = Array.from({ length: HOURS }, (_, hour) => {
    const [from, to] = [now + hour * HOUR_MS, now + (hour + 1) * HOUR_MS];
    const running = timed.filter(({ window }) => window.from < to && window.to > from);
    return {
      from: new Date(from).toISOString(),
      students: running.reduce((sum, { row }) => sum + row.students, 0),
    };
  });
  return {
    hours,
    exams: timed.map(({ row, window }) => ({
      id: row.id,
      title: row.title,
      from: new Date(window.from).toISOString(),
      to: new Date(window.to).toISOString(),
      students: row.students,
      openToAll: row.open_to === 'all',
    })),
    untimed: rows.filter((row) => row.status === 'active' && !windowOf(row, now)).length,
  };
}

/** Sessions expected in the next hours, from times and enrolments. */
export async function expectedSessions(ex: Executor, now: number): Promise<Expected> {
  const period = { from: new Date(now), to: new Date(now + HOURS * HOUR_MS), limit: MOST_EXAMS };
  return expectedOf(await listExpectedExams(ex, period), now);
}
