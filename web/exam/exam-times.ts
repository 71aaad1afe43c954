import type { AvailableExam } from '../../protocol/http/exams.ts';
import { dateAndTime, duration } from '../shared/time-format.ts';

/** Time limit and window of an exam, this student's extra time among them. */
export function examTimes({ durationMinutes, extraMinutes, startsAt, endsAt }: AvailableExam): string {
  const parts = [durationMinutes === null ? 'No time limit' : duration(durationMinutes * 60_000)];
  if (startsAt) parts.push(`from ${dateAndTime(startsAt)}`);
  if (endsAt) parts.push(`until ${dateAndTime(endsAt)}`);
  if (extraMinutes > 0) parts.push(`your extra time of ${duration(extraMinutes * 60_000)} is included`);
  return parts.join(' · ');
}
