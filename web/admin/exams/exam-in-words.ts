import type { Exam } from '../../../protocol/http/exams.ts';
import { number } from '../../shared/messages/numbers.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import type { Fact } from '../meanwhile.tsx';
import { t } from '../messages.ts';

/** Pure: the fields of the form of an exam. */
export function examInWords(exam: Exam): Fact[] {
  const time = (at: string | null) => (at === null ? '' : timeInZone(at, exam.timeZone));
  const count = (value: number | null) => (value === null ? '' : number(value));
  return [
    [t.form.title, exam.title],
    [t.policy.label, exam.policyProfile?.name ?? ''],
    [t.exam.policy, t.exam.policyVersion(number(exam.policyVersion))],
    [t.form.zone, exam.timeZone],
    [t.form.start, time(exam.startsAt)],
    [t.form.end, time(exam.endsAt)],
    [t.form.minutes, count(exam.durationMinutes)],
    [t.form.lateStart, count(exam.lateStartMinutes)],
    [t.form.attempts, count(exam.maxAttempts)],
    [t.form.openTo, t.form.openToNames[exam.openTo]],
    [t.form.staffAccess, t.form.staffNames[exam.staffAccess]],
    [t.form.sample, number(exam.reviewSamplePercent ?? 0)],
  ];
}
