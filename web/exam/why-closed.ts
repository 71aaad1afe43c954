import type { AvailableExam } from '../../protocol/http/exams.ts';
import { problemText } from '../shared/messages/problems.ts';
import { timeInZone } from '../shared/zone-format.ts';
import { t } from './messages.ts';

const isPast = (time: string | null): boolean => time !== null && Date.parse(time) <= Date.now();

/** Reason why an exam cannot be started now. */
export function whyClosed({ reason, startsAt, endsAt, lateStartUntil, timeZone }: AvailableExam): string {
  if (reason?.code === 'exam_outside_window' && isPast(lateStartUntil) && !isPast(endsAt) && lateStartUntil)
    return t.tooLate(timeInZone(lateStartUntil, timeZone));
  if (startsAt !== null && !isPast(startsAt)) return t.opens(timeInZone(startsAt, timeZone));
  return reason ? problemText(reason.code, { detail: reason.detail, retryable: false }) : '';
}
