import type { AvailableExam } from '../../protocol/http/exams.ts';
import { timeInZone } from '../shared/zone-format.ts';
import { t } from './messages.ts';
import { whyClosed } from './why-closed.ts';

/** The way into an exam of the list, or why there is none now. */
export function ExamStart({ exam, onChoose }: { readonly exam: AvailableExam; readonly onChoose: () => void }) {
  const { checkIn, title } = exam;
  if (exam.runningSessionId || (exam.canStart && (!checkIn || checkIn.state === 'admitted')))
    return (
      <button
        class="primary"
        aria-label={exam.runningSessionId ? t.continueExam(title) : t.startExam(title)}
        onClick={onChoose}
      >
        {exam.runningSessionId ? t.continue : t.start}
      </button>
    );
  if (checkIn && (checkIn.state !== null || checkIn.canOpen)) {
    const begun = checkIn.state !== null;
    return (
      <button
        class="primary"
        aria-label={begun ? t.checkIn.continueFor(title) : t.checkIn.checkInFor(title)}
        onClick={onChoose}
      >
        {begun ? t.checkIn.continue : t.checkIn.checkIn}
      </button>
    );
  }
  return <p class="muted small">{t.notAvailable(whyClosed(exam))}</p>;
}

/** That an exam wants a check-in, when it opens, and how far it is. */
export function CheckInLine({ exam }: { readonly exam: AvailableExam }) {
  const { checkIn, runningSessionId, timeZone, reason } = exam;
  // Who has no attempt left has nothing to check in for.
  if (!checkIn || runningSessionId !== null || reason?.code === 'attempts_used') return null;
  const { state, canOpen, opensAt } = checkIn;
  if (state !== null) return <p class="small">{t.checkIn.states[state]}</p>;
  const opens =
    canOpen || (opensAt !== null && Date.parse(opensAt) <= Date.now())
      ? ''
      : opensAt === null
        ? t.checkIn.opensLater
        : t.checkIn.opens(timeInZone(opensAt, timeZone));
  return (
    <p class="small">
      {t.checkIn.wanted} {opens}
    </p>
  );
}
