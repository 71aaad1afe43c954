import { useRef, useState } from 'preact/hooks';
import { CHECK_IN_ROOM } from '../../../protocol/check-in-bounds.ts';
import { CAMERA_CONSTRAINTS } from '../../sdk/browser/camera.ts';
import { useCamera } from '../../camera/use-camera.ts';
import { Problem } from '../../shared/field.tsx';
import { number } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';
import { useLeaveWarning } from '../use-leave-warning.ts';
import type { LookPhase } from './room-look.ts';
import { StepTitle } from './step-title.tsx';
import { useRoomLook } from './use-room-look.ts';
import { Viewfinder } from './viewfinder.tsx';

interface RoomStepProps {
  readonly cameraKnown: boolean;
  /** Some of an earlier look are there; a new one replaces them. */
  readonly hasPictures: boolean;
  readonly onCamera: () => void;
  /** The look begins: the step stays until it is over. */
  readonly onBegin: () => void;
  readonly onOver: () => void;
  readonly onSend: (jpeg: Blob) => Promise<void>;
  readonly onRemove: () => Promise<void>;
  readonly onUnable: () => void;
}

/** Shows the room for 20 s, with a countdown and words about what to show. */
export function RoomStep(props: RoomStepProps) {
  const { cameraKnown, hasPictures, onCamera, onBegin, onOver, onSend, onRemove, onUnable } = props;
  const words = t.checkIn.steps.room;
  const [constraints] = useState(() => ({ ...CAMERA_CONSTRAINTS, width: { ideal: 960 }, height: { ideal: 720 } }));
  const camera = useCamera({ constraints, atOnce: cameraKnown, onLive: onCamera });
  const video = useRef<HTMLVideoElement>(null);
  const { phase, fault, start, stop } = useRoomLook(video, {
    send: onSend,
    remove: () => (hasPictures ? onRemove() : Promise.resolve()),
    begin: onBegin,
    over: onOver,
  });
  useLeaveWarning(phase !== undefined);
  return (
    <section class="card stack" aria-labelledby="step-title">
      <StepTitle>{words.title}</StepTitle>
      <p>{words.how(CHECK_IN_ROOM.seconds)}</p>
      <Viewfinder camera={camera} video={video} mirrored={false}>
        {(ready) => (
          <>
            <LookProgress phase={phase} />
            <div class="row">
              {phase ? (
                <button onClick={stop}>{t.checkIn.room.stop}</button>
              ) : (
                <button class="primary" disabled={!ready} onClick={start}>
                  {hasPictures || fault ? t.checkIn.room.startAgain : t.checkIn.room.start}
                </button>
              )}
            </div>
          </>
        )}
      </Viewfinder>
      <Problem>{fault}</Problem>
      {!phase && (
        <div>
          <button class="link" onClick={onUnable}>
            {t.checkIn.unable}
          </button>
        </div>
      )}
    </section>
  );
}

/** What to show now, and the time that is left; read aloud when it changes, not with each second. */
function LookProgress({ phase }: { readonly phase: LookPhase | undefined }) {
  const { seconds } = CHECK_IN_ROOM;
  const spoken =
    phase?.at === 'looking' ? partAt(phase.ms / (seconds * 1000)) : phase?.at === 'sending' ? t.checkIn.room.over : '';
  const [value, max] =
    phase?.at === 'looking' ? [phase.ms / 1000, seconds] : phase ? [phase.sent, phase.of] : [0, seconds];
  return (
    <div class="stack tight">
      <p class="look-part" role="status">
        {spoken}
      </p>
      {phase && (
        <>
          <progress max={max} value={value} aria-label={t.checkIn.room.progress} />
          <p class="small muted tabular" aria-hidden="true">
            {phase.at === 'looking'
              ? t.checkIn.room.left(Math.max(0, Math.ceil(seconds - phase.ms / 1000)))
              : t.checkIn.room.sent(number(phase.sent), number(phase.of))}
          </p>
        </>
      )}
    </div>
  );
}

/** @param share of the time that is over */
function partAt(share: number): string {
  const { parts } = t.checkIn.room;
  return parts[Math.min(parts.length - 1, Math.floor(share * parts.length))] ?? '';
}
