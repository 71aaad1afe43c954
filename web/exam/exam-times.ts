import type { AvailableExam } from '../../protocol/http/exams.ts';
import { number } from '../shared/messages/numbers.ts';
import { duration } from '../shared/time-format.ts';
import { timeInZone } from '../shared/zone-format.ts';
import { t } from './messages.ts';

/** Time limit and window of an exam in its own zone, including this student's extra time, and their other accommodations. */
export function examTimes(exam: AvailableExam): string {
  const { durationMinutes, extraMinutes, breakMinutes, accommodated, startsAt, endsAt, lateStartUntil, timeZone } =
    exam;
  const parts = [durationMinutes === null ? t.noTimeLimit : duration(durationMinutes * 60_000)];
  if (startsAt) parts.push(t.from(timeInZone(startsAt, timeZone)));
  if (endsAt) parts.push(t.until(timeInZone(endsAt, timeZone)));
  if (lateStartUntil && exam.attempts === 0) parts.push(t.beginUntil(timeInZone(lateStartUntil, timeZone)));
  if (extraMinutes > 0) parts.push(t.extraTime(duration(extraMinutes * 60_000)));
  if (breakMinutes > 0) parts.push(t.breaks(duration(breakMinutes * 60_000)));
  if (accommodated) parts.push(t.accommodated);
  return parts.join(' · ');
}

/** Attempts used of those that are allowed; undefined where nothing limits them, or nothing is used of a single one. */
export function attemptsLine({ attempts, maxAttempts }: AvailableExam): string | undefined {
  if (maxAttempts === null || (attempts === 0 && maxAttempts === 1)) return undefined;
  return t.attemptsUsed(number(Math.min(attempts, maxAttempts)), number(maxAttempts));
}
