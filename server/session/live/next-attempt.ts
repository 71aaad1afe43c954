import type { LastAttempt, Readmission } from '../../../db/available-exams.ts';
import type { ExamRow } from '../../../db/exams.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { deadlineOf, earliest, MINUTE_MS, type Window, whyClosed, windowEnd } from './exam-window.ts';

/** Effect of a start: a session with this number, or the ended one again. */
export type NextAttempt =
  | {
      readonly kind: 'new';
      readonly attempt: number;
      readonly deadline: Date | null;
      /** Start from which its time counts. */
      readonly timeFrom: Date;
    }
  | { readonly kind: 'continue'; readonly sessionId: string; readonly deadline: Date | null };

export interface AttemptFacts {
  /** With its status at `now`. */
  readonly exam: Window & Pick<ExamRow, 'max_attempts' | 'policy'>;
  readonly extraMinutes: number;
  readonly last: LastAttempt | null;
  readonly readmission: Pick<Readmission, 'kind' | 'extra_minutes' | 'until'> | null;
}

/**
 * Decides what a start now would be. Without a readmission, time counts from the first start, so that leaving and
 * starting again wins none; a readmission grants the remaining time, or that of a new attempt, and is not bound to the
 * late start.
 * @throws ProtocolError `session_exists` with the running session, `exam_not_active`, `exam_outside_window`,
 * `attempts_used`, `appeal_open` for a session that would continue, or `readmission_required` after a termination or the end of the time
 */
export function nextAttempt(facts: AttemptFacts, now: number): NextAttempt {
  const { exam, extraMinutes, last, readmission } = facts;
  if (last && last.status !== 'ended')
    throw new ProtocolError('session_exists', 'a session of this exam is already running', { ref: last.id });
  if (last && readmission) return readmitted(facts, last, readmission, now);
  const closed = whyClosed(exam, extraMinutes, now, last === null);
  if (closed) throw closed;
  if (!last) return { kind: 'new', attempt: 1, deadline: deadlineOf(exam, extraMinutes, now), timeFrom: new Date(now) };
  if (last.end_reason === 'terminated') throw required(last, 'the session was terminated; staff can readmit');
  if (last.end_reason === 'expired') throw required(last, 'the time of the exam is over; staff can readmit');
  if (exam.max_attempts !== null && last.attempt >= exam.max_attempts)
    throw new ProtocolError(
      'attempts_used',
      exam.max_attempts === 1 ? 'the exam allows one attempt' : `all ${exam.max_attempts} attempts are used`,
      { ref: last.id },
    );
  const timeFrom = last.time_from ?? last.started_at;
  const own = earliest(deadlineOf(exam, extraMinutes, timeFrom.getTime())?.getTime(), last.until?.getTime());
  // Later than the previous deadline only if the exam or the enrolment gained time meanwhile.
  const deadline = last.deadline && own ? new Date(Math.max(last.deadline.getTime(), own.getTime())) : own;
  if (deadline && deadline.getTime() <= now) throw required(last, 'the time of the exam is over; staff can readmit');
  return { kind: 'new', attempt: last.attempt + 1, deadline, timeFrom };
}

const required = (last: LastAttempt, why: string) => new ProtocolError('readmission_required', why, { ref: last.id });

function readmitted(
  { exam, extraMinutes }: AttemptFacts,
  last: LastAttempt,
  { kind, extra_minutes: more, until }: NonNullable<AttemptFacts['readmission']>,
  now: number,
): NextAttempt {
  if (exam.status !== 'active' && exam.status !== 'completed')
    throw new ProtocolError('exam_not_active', `exam is ${exam.status}`);
  const window = until?.getTime() ?? windowEnd(exam, extraMinutes + more);
  if (window !== undefined && now >= window) throw new ProtocolError('exam_outside_window', 'exam has ended');
  // The session would run while its verdict is decided anew; no outcome could be given until it ends.
  if (kind === 'continue' && last.appealed)
    throw new ProtocolError('appeal_open', 'an appeal about the session is open: its outcome comes first', {
      ref: last.id,
    });
  if (kind === 'new') {
    const own = deadlineOf({ ...exam, ends_at: null }, extraMinutes + more, now);
    return { kind, attempt: last.attempt + 1, deadline: earliest(own?.getTime(), window), timeFrom: new Date(now) };
  }
  const deadline = earliest(last.deadline ? now + remainingMs(last) + more * MINUTE_MS : undefined, window);
  if (deadline && deadline.getTime() <= now)
    throw new ProtocolError('readmission_required', 'no time of the session remains', { ref: last.id });
  return { kind, sessionId: last.id, deadline };
}

/** Time that was left when the session ended. */
function remainingMs({ deadline, ended_at }: LastAttempt): number {
  return deadline && ended_at ? Math.max(0, deadline.getTime() - ended_at.getTime()) : 0;
}
