import { useEffect, useRef, useState } from 'preact/hooks';
import type { AvailableExam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { timeInZone } from '../../shared/zone-format.ts';
import { CameraStep } from '../camera-step.tsx';
import { examTimes } from '../exam-times.ts';
import { t } from '../messages.ts';
import { Admitted } from './admitted.tsx';
import { Collecting } from './collecting.tsx';
import { DecisionNote } from './decision-note.tsx';
import { NoneOpen } from './none-open.tsx';
import { type CheckInInUse, useCheckIn } from './use-check-in.ts';
import { useDecisionSignals } from './use-decision-signals.ts';
import { WaitingRoom, Withdraw } from './waiting-room.tsx';

interface CheckInProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  /** The student has just agreed to it: a check-in is opened without a further click. */
  readonly agreed: boolean;
  readonly onBack: () => void;
  /** The exam runs, in another window, or needs no check-in any more. */
  readonly onCamera: (exam: AvailableExam) => void;
  readonly onStart: (exam: AvailableExam, sessionId: string, camera: MediaStream | undefined) => void;
}

/** Check-in before an exam: pictures, the waiting room, and the way on once staff have admitted the student. */
export function CheckIn(props: CheckInProps) {
  const { api, exam: listed, agreed, onBack } = props;
  const checkIn = useCheckIn(api, listed.id);
  const { mine, problem, isStale } = checkIn;
  const state = mine?.checkIn?.state;
  const asked = useRef(false);
  useEffect(() => {
    if (!agreed || asked.current || !mine || mine.checkIn || !mine.exam.checkIn?.canOpen) return;
    asked.current = true;
    checkIn.open();
  }, [agreed, mine]);
  useDecisionSignals(state);
  const exam = mine?.exam ?? listed;
  return (
    <section class="middle stack">
      {mine ? (
        <>
          <PageTitle key={state}>{titleOf(mine)}</PageTitle>
          <div class="stack tight">
            <p>
              <b>{exam.title}</b>
            </p>
            <p class="muted small">{examTimes(exam)}</p>
            {mine.room !== null && <p class="small">{t.checkIn.place(mine.room)}</p>}
          </div>
        </>
      ) : (
        <PageTitle>{listed.title}</PageTitle>
      )}
      <p class={isStale ? 'note warn' : 'unseen'} role="status">
        {isStale && t.checkIn.stale}
      </p>
      <Problem>{problem}</Problem>
      {!mine && (problem ? <Retry onRetry={checkIn.reload} /> : <p class="muted">{common.loading}</p>)}
      {mine && <Present {...props} checkIn={checkIn} mine={mine} />}
      {state !== 'admitted' && (
        <div class="row">
          <button onClick={onBack}>{t.backToExams}</button>
          {(state === 'collecting' || state === 'held') && <Withdraw checkIn={checkIn} />}
        </div>
      )}
    </section>
  );
}

type Mine = NonNullable<CheckInInUse['mine']>;

const titleOf = ({ checkIn, exam }: Mine): string => {
  if (!checkIn && exam.runningSessionId !== null) return t.checkIn.running;
  const { waiting, held, refused, admitted } = t.checkIn;
  const titles: Partial<Record<string, string>> = { waiting, held, refused, admitted };
  return titles[checkIn?.state ?? ''] ?? t.checkIn.title;
};

function Retry({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <div>
      <button onClick={onRetry}>{common.retry}</button>
    </div>
  );
}

/** The part that belongs to the present state. */
function Present({
  api,
  checkIn,
  mine,
  onBack,
  onCamera,
  onStart,
}: CheckInProps & { readonly checkIn: CheckInInUse; readonly mine: Mine }) {
  const { exam, wants, checkIn: open } = mine;
  const [cameraKnown, setCameraKnown] = useState(false);
  if (!open) return <NoneOpen checkIn={checkIn} mine={mine} onCamera={onCamera} />;
  const { decision } = open;
  switch (open.state) {
    case 'collecting':
    case 'held':
      return (
        <>
          {open.state === 'held' && decision && (
            <>
              <DecisionNote decision={decision} tone="warn" />
              <p>{t.checkIn.heldNote}</p>
            </>
          )}
          {wants && (
            <Collecting
              key={open.state}
              api={api}
              examId={exam.id}
              wants={wants}
              open={open}
              checkIn={checkIn}
              cameraKnown={cameraKnown}
              onCamera={() => setCameraKnown(true)}
            />
          )}
        </>
      );
    case 'waiting':
      return (
        <>
          <WaitingRoom api={api} examId={exam.id} open={open} checkIn={checkIn} />
          {exam.lateStartUntil !== null && (
            <p class="small">{t.checkIn.beginBy(timeInZone(exam.lateStartUntil, exam.timeZone))}</p>
          )}
        </>
      );
    case 'refused':
      return (
        <section class="card stack">
          {decision && <DecisionNote decision={decision} tone="bad" />}
          <p>{t.checkIn.refusedNote}</p>
        </section>
      );
    case 'admitted':
      return (
        <>
          {decision && <DecisionNote decision={decision} tone="" />}
          {exam.canStart ? (
            <CameraStep
              api={api}
              exam={exam}
              admitted
              onBack={onBack}
              begin={checkIn.starting}
              onStart={(sessionId, camera) => onStart(exam, sessionId, camera)}
            />
          ) : (
            <Admitted exam={exam} onBack={onBack} />
          )}
        </>
      );
    case 'withdrawn':
      return <NoneOpen checkIn={checkIn} mine={mine} onCamera={onCamera} />;
  }
}
