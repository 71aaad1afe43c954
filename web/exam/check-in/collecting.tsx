import { useState } from 'preact/hooks';
import type { CheckInPictureKind } from '../../../protocol/check-in-bounds.ts';
import type { MyCheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { t } from '../messages.ts';
import { OwnPictures } from './own-pictures.tsx';
import { PictureStep } from './picture-step.tsx';
import { RoomStep } from './room-step.tsx';
import { StepTitle } from './step-title.tsx';
import { leftOut, nextStep, type Step, stepsOf } from './steps.ts';
import { thingsOf } from './things.ts';
import type { CheckInInUse } from './use-check-in.ts';

interface CollectingProps {
  readonly api: Api;
  readonly examId: string;
  readonly wants: NonNullable<MyCheckIn['wants']>;
  readonly open: NonNullable<MyCheckIn['checkIn']>;
  readonly checkIn: CheckInInUse;
  /** The camera was on before on this page: it is turned on without a further click. */
  readonly cameraKnown: boolean;
  readonly onCamera: () => void;
}

/** The steps that the policy wants, one at a time, and the way into the waiting room. */
export function Collecting({ api, examId, wants, open, checkIn, cameraKnown, onCamera }: CollectingProps) {
  const [unable, setUnable] = useState<ReadonlySet<CheckInPictureKind>>(new Set());
  /** Chosen to take again, or begun: it stays until it is over, whatever the server has by then. */
  const [chosen, setChosen] = useState<CheckInPictureKind>();
  const steps = stepsOf(wants, open, unable);
  const current = chosen ?? nextStep(steps);
  const giveUp = (kind: CheckInPictureKind) => {
    setChosen(undefined);
    setUnable(new Set([...unable, kind]));
  };
  const choose = (kind: CheckInPictureKind) => {
    setUnable(new Set([...unable].filter((other) => other !== kind)));
    setChosen(kind);
  };
  const shared = { cameraKnown, onCamera };
  return (
    <>
      <StepList steps={steps} current={current} onChoose={choose} />
      {(current === 'photo' || current === 'document') && (
        <PictureStep
          key={current}
          kind={current}
          {...shared}
          onSend={async (jpeg) => {
            await checkIn.send(current, jpeg);
            setChosen(undefined);
          }}
          onUnable={() => giveUp(current)}
        />
      )}
      {current === 'room' && (
        <RoomStep
          {...shared}
          hasPictures={open.pictures.some(({ kind }) => kind === 'room')}
          onBegin={() => setChosen('room')}
          onOver={() => setChosen(undefined)}
          onSend={(jpeg) => checkIn.send('room', jpeg)}
          onRemove={() => checkIn.remove('room')}
          onUnable={() => giveUp('room')}
        />
      )}
      {current === undefined && (
        <Ready api={api} examId={examId} steps={steps} pictures={open.pictures} checkIn={checkIn} />
      )}
    </>
  );
}

interface StepListProps {
  readonly steps: readonly Step[];
  readonly current: CheckInPictureKind | undefined;
  readonly onChoose: (kind: CheckInPictureKind) => void;
}

function StepList({ steps, current, onChoose }: StepListProps) {
  const tones = { wanted: '', again: ' medium', there: ' low', unable: ' medium' } as const;
  return (
    <ol class="plain stack tight check-in-steps" aria-label={t.checkIn.stepsTitle}>
      {steps.map(({ kind, state }) => (
        <li key={kind} class="row between" aria-current={kind === current ? 'step' : undefined}>
          <span class="row tight">
            {t.checkIn.things[kind]}
            <span class={`badge${tones[state]}`}>{t.checkIn.stepStates[state]}</span>
          </span>
          {kind !== current && state !== 'wanted' && (
            <button
              class="small"
              aria-label={(state === 'unable' ? t.checkIn.doOf : t.checkIn.retakeOf)(t.checkIn.things[kind])}
              onClick={() => onChoose(kind)}
            >
              {state === 'unable' ? t.checkIn.do : t.checkIn.retake}
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}

interface ReadyProps {
  readonly api: Api;
  readonly examId: string;
  readonly steps: readonly Step[];
  readonly pictures: NonNullable<MyCheckIn['checkIn']>['pictures'];
  readonly checkIn: CheckInInUse;
}

/** A last look before staff see it. */
function Ready({ api, examId, steps, pictures, checkIn }: ReadyProps) {
  const without = leftOut(steps);
  return (
    <section class="card stack" aria-labelledby="step-title">
      <StepTitle>{t.checkIn.ready}</StepTitle>
      <p>{t.checkIn.readyNote}</p>
      <OwnPictures api={api} examId={examId} pictures={pictures} />
      {without.length > 0 && <p class="note warn">{t.checkIn.readyWithout(thingsOf(without))}</p>}
      <div class="row">
        <button class="primary" disabled={checkIn.busy} onClick={() => checkIn.submit(without.length > 0)}>
          {without.length > 0 ? t.checkIn.submitWithout : t.checkIn.submit}
        </button>
      </div>
    </section>
  );
}
