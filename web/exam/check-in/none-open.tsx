import type { MyCheckIn } from '../../../protocol/http/check-in.ts';
import type { AvailableExam } from '../../../protocol/http/exams.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import { whyClosed } from '../why-closed.ts';
import type { CheckInInUse } from './use-check-in.ts';

interface NoneOpenProps {
  readonly checkIn: CheckInInUse;
  readonly mine: MyCheckIn;
  readonly onCamera: (exam: AvailableExam) => void;
}

/** Withdrawn, used by the start in another window, not open yet, or not needed. */
export function NoneOpen({ checkIn, mine: { exam, required }, onCamera }: NoneOpenProps) {
  if (exam.runningSessionId !== null || !required)
    return (
      <section class="card stack">
        <p>{exam.runningSessionId !== null ? t.checkIn.runningNote : t.checkIn.notNeeded}</p>
        <div>
          <button class="primary" onClick={() => onCamera(exam)}>
            {exam.runningSessionId !== null ? t.continue : t.checkIn.toCamera}
          </button>
        </div>
      </section>
    );
  const { canOpen = false, opensAt = null } = exam.checkIn ?? {};
  return (
    <section class="card stack">
      {checkIn.withdrew && <p>{t.checkIn.withdrawn}</p>}
      {canOpen ? (
        <div>
          <button class="primary" disabled={checkIn.busy} onClick={checkIn.open}>
            {t.checkIn.begin}
          </button>
        </div>
      ) : (
        <p>
          {opensAt !== null && Date.parse(opensAt) > Date.now()
            ? t.checkIn.opens(timeInZone(opensAt, exam.timeZone))
            : whyClosed(exam)}
        </p>
      )}
    </section>
  );
}
