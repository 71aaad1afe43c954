import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { CAMERA_CONSTRAINTS } from '../sdk/browser/camera.ts';
import type { CameraProblem } from './diagnosis.ts';
import { findProblem } from './evidence.ts';

type CameraState =
  | { readonly at: 'off' }
  | { readonly at: 'asking' }
  | { readonly at: 'live'; readonly stream: MediaStream }
  | { readonly at: 'failed'; readonly problem: CameraProblem };

export interface CameraControl {
  readonly state: CameraState;
  /** Requests the camera from the browser unless it is on. */
  ask(): void;
  /** Transfers the open camera to the caller, who then has to stop it. */
  take(): MediaStream | undefined;
}

const stop = (stream: MediaStream | undefined) => stream?.getTracks().forEach((track) => track.stop());

/**
 * The camera before an exam: requested by a button, and again automatically after the user allows or connects it.
 * Stopped when the component unmounts.
 */
export function useCamera(): CameraControl {
  const [state, setState] = useState<CameraState>({ at: 'off' });
  const open = useRef<MediaStream | undefined>(undefined);
  const gone = useRef(false);
  const asking = useRef(false);

  const ask = useCallback(() => {
    if (open.current || asking.current) return;
    asking.current = true;
    setState({ at: 'asking' });
    void openCamera()
      .then(async (stream) => {
        if (gone.current) return stop(stream);
        open.current = stream;
        stream.getVideoTracks()[0]?.addEventListener('ended', () => {
          if (open.current !== stream) return;
          open.current = undefined;
          ask();
        });
        setState({ at: 'live', stream });
      })
      .catch(async (error: unknown) => setState({ at: 'failed', problem: await findProblem(error) }))
      .finally(() => (asking.current = false));
  }, []);

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      stop(open.current);
      open.current = undefined;
    };
  }, []);
  useEffect(() => (state.at === 'failed' ? whenItMayHelp(ask) : undefined), [state.at, ask]);

  const take = useCallback(() => {
    const stream = open.current;
    open.current = undefined;
    return stream;
  }, []);
  return { state, ask, take };
}

/** @throws the browser's error; a TypeError where it has no camera API */
const openCamera = async () => navigator.mediaDevices.getUserMedia({ video: CAMERA_CONSTRAINTS, audio: false });

/** Calls `ask` when a device is connected or the user allows the camera, where supported. @returns stops listening */
function whenItMayHelp(ask: () => void): () => void {
  const end = new AbortController();
  navigator.mediaDevices?.addEventListener('devicechange', ask, { signal: end.signal });
  void navigator.permissions
    ?.query({ name: 'camera' })
    .then((permission) =>
      permission.addEventListener('change', () => permission.state === 'granted' && ask(), { signal: end.signal }),
    )
    .catch(() => {});
  return () => end.abort();
}
