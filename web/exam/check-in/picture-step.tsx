import { useRef, useState } from 'preact/hooks';
import { CAMERA_CONSTRAINTS } from '../../sdk/browser/camera.ts';
import { useCamera } from '../../camera/use-camera.ts';
import { messageOf } from '../../shared/api-error.ts';
import { Problem } from '../../shared/field.tsx';
import { t } from '../messages.ts';
import { useLeaveWarning } from '../use-leave-warning.ts';
import { StepTitle } from './step-title.tsx';
import { stillOfFile, stillOfVideo } from './still.ts';
import { TakenPicture } from './taken-picture.tsx';
import { Viewfinder } from './viewfinder.tsx';

interface PictureStepProps {
  readonly kind: 'photo' | 'document';
  /** The camera was on in an earlier step: it is turned on without a further click. */
  readonly cameraKnown: boolean;
  readonly onCamera: () => void;
  readonly onSend: (jpeg: Blob) => Promise<void>;
  readonly onUnable: () => void;
}

/** Maximum of both sides: writing on a document has to be readable. */
const SIDES = { photo: 1280, document: 1920 } as const;

/** A phone has a better camera on its back, which also does not show the document mirrored. */
const facing = () => (matchMedia('(pointer: coarse)').matches ? 'environment' : 'user');

/** Takes one picture: live, take, look at it, send it or take another one. */
export function PictureStep({ kind, cameraKnown, onCamera, onSend, onUnable }: PictureStepProps) {
  const words = t.checkIn.steps[kind];
  const [constraints] = useState<MediaTrackConstraints>(() =>
    kind === 'photo'
      ? { ...CAMERA_CONSTRAINTS, width: { ideal: 1280 }, height: { ideal: 720 } }
      : { facingMode: facing(), width: { ideal: 1920 }, height: { ideal: 1080 } },
  );
  const camera = useCamera({ constraints, remembers: kind === 'photo', atOnce: cameraKnown, onLive: onCamera });
  const video = useRef<HTMLVideoElement>(null);
  const [taken, setTaken] = useState<Blob>();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  useLeaveWarning(taken !== undefined);

  const work = (part: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    part()
      .catch((error: unknown) => setFault(messageOf(error)))
      .finally(() => setBusy(false));
  };
  const take = () =>
    work(async () => {
      if (video.current) setTaken(await stillOfVideo(video.current, SIDES[kind]));
    });
  const choose = (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    input.value = '';
    if (file) work(async () => setTaken(await stillOfFile(file, SIDES[kind])));
  };
  const send = () => taken && work(() => onSend(taken));
  const again = () => {
    setTaken(undefined);
    setFault(undefined);
  };
  return (
    <section class="card stack" aria-labelledby="step-title">
      <StepTitle>{words.title}</StepTitle>
      <p>{words.how}</p>
      {taken ? (
        <>
          <TakenPicture picture={taken} label={words.taken} focused />
          <p>{words.look}</p>
          <Problem>{fault}</Problem>
          <div class="row">
            <button class="primary" disabled={busy} onClick={send}>
              {busy ? t.checkIn.sending : fault ? t.checkIn.sendAgain : words.use}
            </button>
            <button disabled={busy} onClick={again}>
              {t.checkIn.again}
            </button>
          </div>
        </>
      ) : (
        <>
          <Viewfinder
            camera={camera}
            video={video}
            outline={kind === 'photo' ? 'face' : 'document'}
            mirrored={kind === 'photo'}
          >
            {(ready) => (
              <div class="row">
                <button class="primary" disabled={busy || !ready} onClick={take}>
                  {words.take}
                </button>
              </div>
            )}
          </Viewfinder>
          {kind === 'document' && (
            <label class="field">
              <span>{t.checkIn.file}</span>
              <input
                type="file"
                accept="image/*"
                disabled={busy}
                onChange={({ currentTarget }) => choose(currentTarget)}
              />
              <small>{t.checkIn.fileHint}</small>
            </label>
          )}
          <Problem>{fault}</Problem>
          <div>
            <button class="link" onClick={onUnable}>
              {t.checkIn.unable}
            </button>
          </div>
        </>
      )}
    </section>
  );
}
