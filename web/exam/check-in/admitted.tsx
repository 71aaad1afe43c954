import type { AvailableExam } from '../../../protocol/http/exams.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import { whyClosed } from '../why-closed.ts';

/** Admitted before the exam opens, or after the time to begin. */
export function Admitted({ exam, onBack }: { readonly exam: AvailableExam; readonly onBack: () => void }) {
  const opens = exam.startsAt !== null && Date.parse(exam.startsAt) > Date.now() ? exam.startsAt : undefined;
  return (
    <section class="card stack">
      <p class="note good">
        {opens ? t.checkIn.admittedWait(timeInZone(opens, exam.timeZone)) : t.checkIn.admittedClosed(whyClosed(exam))}
      </p>
      <div>
        <button onClick={onBack}>{t.backToExams}</button>
      </div>
    </section>
  );
}
