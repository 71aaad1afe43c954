import type { Exam } from '../../../protocol/http/exams.ts';
import { duration } from '../../shared/time-format.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';

/** Window and time limit of an exam, in its own zone. */
export function ExamTimes({ exam }: { readonly exam: Exam }) {
  const { startsAt, endsAt, durationMinutes, timeZone } = exam;
  const parts: string[] = [];
  if (startsAt) parts.push(t.exams.from(timeInZone(startsAt, timeZone)));
  if (endsAt) parts.push(t.exams.until(timeInZone(endsAt, timeZone)));
  if (parts.length === 0) parts.push(t.exams.noTimes);
  parts.push(durationMinutes === null ? t.exams.noLimit : duration(durationMinutes * 60_000));
  return <>{parts.join(' · ')}</>;
}
