import type { CheckInDecision } from '../../../protocol/http/check-in.ts';
import { dateAndTime } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { thingsOf } from './things.ts';

interface DecisionNoteProps {
  readonly decision: CheckInDecision;
  readonly tone: 'warn' | 'bad' | '';
}

/** What staff decided: their words, and what they ask for again. */
export function DecisionNote({ decision: { reason, retake, by, at }, tone }: DecisionNoteProps) {
  if (reason === null && retake.length === 0) return null;
  return (
    <div class={`note ${tone} stack tight`}>
      {reason !== null && (
        <>
          <p class="small">{t.checkIn.reason(by?.name, dateAndTime(at))}</p>
          <p class="said">
            <b>{reason}</b>
          </p>
        </>
      )}
      {retake.length > 0 && <p>{t.checkIn.askedAgain(thingsOf(retake))}</p>}
    </div>
  );
}
