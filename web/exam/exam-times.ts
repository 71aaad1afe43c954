import type { AvailableExam } from '../../protocol/http/exams.ts';
import { dateAndTime, duration } from '../shared/time-format.ts';
import { t } from './messages.ts';

/** Time limit and window of an exam, including this student's extra time. */
export function examTimes({ durationMinutes, extraMinutes, startsAt, endsAt }: AvailableExam): string {
  const parts = [durationMinutes === null ? t.noTimeLimit : duration(durationMinutes * 60_000)];
  if (startsAt) parts.push(t.from(dateAndTime(startsAt)));
  if (endsAt) parts.push(t.until(dateAndTime(endsAt)));
  if (extraMinutes > 0) parts.push(t.extraTime(duration(extraMinutes * 60_000)));
  return parts.join(' · ');
}
