import type { ExamRow } from '../../../db/exams.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Policy } from '../../../protocol/policy.ts';

const MINUTE_MS = 60_000;

type Window = Pick<ExamRow, 'status' | 'starts_at' | 'ends_at' | 'duration_minutes'>;

/**
 * Whether there is such an exam for a student: not while it is prepared, not once it is archived, and not when it is
 * for others.
 */
export function isShownTo(exam: Pick<ExamRow, 'status' | 'open_to'>, enrolled: boolean): boolean {
  return exam.status !== 'draft' && exam.status !== 'archived' && (exam.open_to === 'all' || enrolled);
}

/** End of the window for a student with extra minutes, server ms; undefined without one. */
export function windowEnd({ ends_at }: Pick<Window, 'ends_at'>, extraMinutes: number): number | undefined {
  return ends_at ? ends_at.getTime() + extraMinutes * MINUTE_MS : undefined;
}

/** Why the exam cannot be started now; undefined when it can. */
export function whyClosed(exam: Window, extraMinutes: number, now: number): ProtocolError | undefined {
  if (exam.status !== 'active') return new ProtocolError('exam_not_active', `exam is ${exam.status}`);
  const ends = windowEnd(exam, extraMinutes);
  if (exam.starts_at && now < exam.starts_at.getTime())
    return new ProtocolError('exam_outside_window', 'exam has not started', { retryable: true });
  if (ends !== undefined && now >= ends) return new ProtocolError('exam_outside_window', 'exam has ended');
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
  const ends = [own, windowEnd(exam, extraMinutes)].filter((at) => at !== undefined);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}
