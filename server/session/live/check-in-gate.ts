import type { StudentExamRow } from '../../../db/available-exams.ts';
import { CHECK_IN_OPENS_MINUTES } from '../../../protocol/check-in-bounds.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { asksCheckIn } from '../../../protocol/policy.ts';
import { lateStartEnd, MINUTE_MS, statusAt, windowEnd } from './exam-window.ts';
import { extraMinutesOf } from './granted.ts';
import { type NextAttempt, nextAttempt } from './next-attempt.ts';

type Gated = Pick<StudentExamRow, 'policy' | 'check_in'>;

/**
 * The check-in that a start uses up; undefined: it needs none, as an attempt that is continued. An admission is used also
 * where the exam no longer asks for one: it is for one attempt.
 * @throws ProtocolError `check_in_required` if staff have not admitted the student
 */
export function neededCheckIn(next: Pick<NextAttempt, 'kind'>, { policy, check_in }: Gated): string | undefined {
  if (next.kind === 'continue') return undefined;
  if (check_in?.state === 'admitted') return check_in.id;
  if (!asksCheckIn(policy)) return undefined;
  throw checkInRequired(check_in?.id);
}

export const checkInRequired = (ref: string | undefined): ProtocolError =>
  new ProtocolError(
    'check_in_required',
    'the exam starts after a check-in: staff have not admitted the student',
    ref === undefined ? {} : { ref },
  );

/** From when a check-in can be opened; null: from when the exam is opened. */
export const checkInFrom = ({ starts_at }: Pick<StudentExamRow, 'starts_at'>): Date | null =>
  starts_at && new Date(starts_at.getTime() - CHECK_IN_OPENS_MINUTES * MINUTE_MS);

/** The start that the check-in is for. @throws ProtocolError as a start */
function attemptAhead(exam: StudentExamRow, now: number): NextAttempt {
  const { starts_at } = exam;
  const status = statusAt(exam, now);
  const from = checkInFrom(exam)?.getTime();
  // Before the start of the exam it is judged as it will be then.
  const isEarly = starts_at !== null && now < starts_at.getTime() && (status === 'scheduled' || status === 'active');
  if (isEarly && now < from!)
    throw new ProtocolError('exam_outside_window', 'the check-in has not opened yet', { retryable: true });
  return nextAttempt(
    {
      exam: { ...exam, status: isEarly ? 'active' : status },
      extraMinutes: extraMinutesOf(exam),
      last: exam.last,
      readmission: exam.readmission,
    },
    isEarly ? starts_at.getTime() : now,
  );
}

/**
 * Why no check-in can be opened now; undefined: one can. Refused is what a start would refuse, but for the time until
 * the exam begins.
 */
export function whyNoCheckIn(exam: StudentExamRow, now: number): ProtocolError | undefined {
  if (!asksCheckIn(exam.policy)) return new ProtocolError('check_in_off', 'the exam asks for no check-in');
  try {
    if (attemptAhead(exam, now).kind === 'new') return undefined;
    return new ProtocolError('check_in_off', 'the attempt is continued, which needs no check-in');
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** Nothing more is taken for an attempt that cannot begin. @throws ProtocolError as a start, but for the time until the exam begins */
export function refuseUploads(exam: StudentExamRow, now: number): void {
  attemptAhead(exam, now);
}

/** Whether the student's next start needs a check-in. */
export function needsCheckIn(exam: StudentExamRow): boolean {
  if (!asksCheckIn(exam.policy)) return false;
  const { last, readmission } = exam;
  return !(last && (last.status !== 'ended' || readmission?.kind === 'continue'));
}

/** End of the time in which the attempt can start, server ms; undefined without one. */
export function startUntil(
  exam: Parameters<typeof lateStartEnd>[0] & Parameters<typeof windowEnd>[0],
  extraMinutes: number,
  isFirst: boolean,
): number | undefined {
  const ends = [windowEnd(exam, extraMinutes), isFirst ? lateStartEnd(exam) : undefined];
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
