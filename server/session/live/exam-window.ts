import type { ExamRow } from '../../../db/exams.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Policy } from '../../../protocol/policy.ts';

export const MINUTE_MS = 60_000;

export type Window = Pick<ExamRow, 'status' | 'starts_at' | 'ends_at' | 'duration_minutes' | 'late_start_minutes'>;

/**
 * Whether there is such an exam for a student: not while it is prepared, not once it is archived, and not when it is
 * for others.
 */
export function isShownTo(exam: Pick<ExamRow, 'status' | 'open_to'>, enrolled: boolean): boolean {
  return exam.status !== 'draft' && exam.status !== 'archived' && (exam.open_to === 'all' || enrolled);
}

/** Status at a time: the stored one follows the times of the exam within seconds. */
export function statusAt(
  exam: Pick<ExamRow, 'status' | 'starts_at' | 'ends_at' | 'active_since'>,
  now: number,
): ExamRow['status'] {
  const { starts_at, ends_at, active_since: since } = exam;
  const isOver = ends_at !== null && ends_at.getTime() <= now;
  if (exam.status === 'scheduled' && starts_at && starts_at.getTime() <= now) return isOver ? 'completed' : 'active';
  if (exam.status === 'active' && isOver && since && since.getTime() < ends_at.getTime()) return 'completed';
  return exam.status;
}

/** End of the window for a student with extra minutes, server ms; undefined without one. */
export function windowEnd({ ends_at }: Pick<Window, 'ends_at'>, extraMinutes: number): number | undefined {
  return ends_at ? ends_at.getTime() + extraMinutes * MINUTE_MS : undefined;
}

/** End of the time in which a first attempt can start, server ms; undefined without one. */
export function lateStartEnd({
  starts_at,
  late_start_minutes,
}: Pick<Window, 'starts_at' | 'late_start_minutes'>): number | undefined {
  return starts_at && late_start_minutes !== null ? starts_at.getTime() + late_start_minutes * MINUTE_MS : undefined;
}

const outside = (why: string, retryable = false) => new ProtocolError('exam_outside_window', why, { retryable });

/** Why the exam cannot be started now; undefined when it can. @param isFirst the student has not sat it before */
export function whyClosed(exam: Window, extraMinutes: number, now: number, isFirst = true): ProtocolError | undefined {
  if (exam.status !== 'active') return new ProtocolError('exam_not_active', `exam is ${exam.status}`);
  const ends = windowEnd(exam, extraMinutes);
  if (exam.starts_at && now < exam.starts_at.getTime()) return outside('exam has not started', true);
  if (ends !== undefined && now >= ends) return outside('exam has ended');
  const lateUntil = lateStartEnd(exam);
  if (isFirst && lateUntil !== undefined && now > lateUntil) return outside('the time for a late start is over');
  return undefined;
}

/**
 * The earlier of the student's own time and the end of the window; extra minutes move both. Own time begins after the
 * calibration. Null: no limit.
 */
export function deadlineOf(
  exam: Window & { readonly policy: Pick<Policy, 'calibration'> },
  extraMinutes: number,
  now: number,
): Date | null {
  const begins = now + exam.policy.calibration.seconds * 1000;
  const own = exam.duration_minutes === null ? undefined : begins + (exam.duration_minutes + extraMinutes) * MINUTE_MS;
  return earliest(own, windowEnd(exam, extraMinutes));
}

export function earliest(...times: (number | undefined)[]): Date | null {
  const ends = times.filter((at) => at !== undefined);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}
