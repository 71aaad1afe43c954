import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CameraHelp } from '../../camera/camera-help.tsx';
import { CameraPicker } from '../../camera/camera-picker.tsx';
import { CameraView } from '../../camera/camera-view.tsx';
import { t as cameraTexts } from '../../camera/messages.ts';
import type { CameraControl } from '../../camera/use-camera.ts';

interface ViewfinderProps {
  readonly camera: CameraControl;
  readonly video: RefObject<HTMLVideoElement | null>;
  /** Where to hold what is to be seen; a hint, nothing checks it. */
  readonly outline?: 'face' | 'document';
  /** As people expect to see themselves; never what has to be read. */
  readonly mirrored: boolean;
  /** Shown with the live picture. @param ready the camera has given a picture */
  readonly children: (ready: boolean) => ComponentChildren;
}

/** The live picture of a camera with its controls, or the way to turn it on. */
export function Viewfinder({ camera: { state, ask, choose }, video, outline, mirrored, children }: ViewfinderProps) {
  const stream = state.at === 'live' ? state.stream : undefined;
  const ready = useFirstPicture(video, stream);
  if (state.at === 'failed')
    return (
      <div class="stack">
        <CameraHelp problem={state.problem} onAgain={ask} />
        <CameraPicker stream={undefined} onChoose={choose} />
      </div>
    );
  if (state.at !== 'live')
    return (
      <div class="stack">
        <p>{cameraTexts.askFirst}</p>
        <div>
          <button class="primary" disabled={state.at === 'asking'} onClick={ask}>
            {state.at === 'asking' ? cameraTexts.waiting : cameraTexts.turnOn}
          </button>
        </div>
      </div>
    );
  return (
    <div class="stack">
      <div class={mirrored ? 'viewfinder' : 'viewfinder plain-view'}>
        <CameraView stream={state.stream} video={video} />
        {outline && <span class={`outline ${outline}`} aria-hidden="true" />}
      </div>
      <CameraPicker stream={state.stream} onChoose={choose} />
      {children(ready)}
    </div>
  );
}

/** Whether the camera that is shown has given a picture. */
function useFirstPicture(video: RefObject<HTMLVideoElement | null>, stream: MediaStream | undefined): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    setReady(false);
    const element = video.current;
    if (!element || !stream) return;
    const come = () => setReady(element.videoWidth > 0);
    come();
    element.addEventListener('loadeddata', come);
    return () => element.removeEventListener('loadeddata', come);
  }, [video, stream]);
  return ready;
}
