import type { MyCheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { Ticking } from '../../shared/ticking.tsx';
import { duration, zonedTimeOfDay } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { useAsked } from '../use-asked.ts';
import { OwnPictures } from './own-pictures.tsx';
import { thingsOf } from './things.ts';
import type { CheckInInUse } from './use-check-in.ts';

interface WaitingRoomProps {
  readonly api: Api;
  readonly examId: string;
  readonly open: NonNullable<MyCheckIn['checkIn']>;
  readonly checkIn: CheckInInUse;
}

/** What was sent, what is missing, since when; the way back to the pictures. */
export function WaitingRoom({ api, examId, open, checkIn }: WaitingRoomProps) {
  const { submittedAt, place, pictures, missing } = open;
  return (
    <section class="card stack">
      <p class="row">
        {submittedAt !== null && (
          <span>
            <Ticking
              text={(now) =>
                t.checkIn.since(zonedTimeOfDay(submittedAt), duration(Math.max(0, now - Date.parse(submittedAt))))
              }
            />
          </span>
        )}
        {place !== null && <b>{t.checkIn.position(place)}</b>}
      </p>
      <p>{t.checkIn.waitingNote}</p>
      <h2>{t.checkIn.sent}</h2>
      <OwnPictures api={api} examId={examId} pictures={pictures} />
      <p class={missing.length > 0 ? 'note warn' : 'small muted'}>
        {missing.length > 0 ? t.checkIn.missing(thingsOf(missing)) : t.checkIn.nothingMissing}
      </p>
      <div class="row">
        <button disabled={checkIn.busy} aria-describedby="change-note" onClick={checkIn.leave}>
          {t.checkIn.change}
        </button>
        <Withdraw checkIn={checkIn} />
      </div>
      <p id="change-note" class="small muted">
        {t.checkIn.changeNote}
      </p>
    </section>
  );
}

/** Asks before everything is erased. */
export function Withdraw({ checkIn }: { readonly checkIn: CheckInInUse }) {
  const { asked, setAsked, question, button } = useAsked();
  if (!asked)
    return (
      <button ref={button} onClick={() => setAsked(true)}>
        {t.checkIn.withdraw}
      </button>
    );
  return (
    <div class="note warn stack tight" role="alert">
      <p ref={question} tabIndex={-1}>
        {t.checkIn.withdrawNote}
      </p>
      <div class="row">
        <button class="danger" disabled={checkIn.busy} onClick={checkIn.withdraw}>
          {t.checkIn.withdrawConfirm}
        </button>
        <button onClick={() => setAsked(false)}>{t.checkIn.withdrawCancel}</button>
      </div>
    </div>
  );
}
