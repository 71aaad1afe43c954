import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { CAMERA_CONSTRAINTS } from '../sdk/browser/camera.ts';
import { openCamera } from '../sdk/browser/open-camera.ts';
import { chosenCamera, rememberCamera } from './chosen-camera.ts';
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
  /** Opens another camera and remembers it in this browser. Rejects when it cannot be opened; the open one goes on. */
  choose(deviceId: string): Promise<void>;
  /** Transfers the open camera to the caller, who then has to stop it. */
  take(): MediaStream | undefined;
}

const stop = (stream: MediaStream | undefined) => stream?.getTracks().forEach((track) => track.stop());

export interface CameraOptions {
  readonly constraints?: MediaTrackConstraints;
  /** Uses and changes the choice that this browser remembers. */
  readonly remembers?: boolean;
  /** Requested without a button: the user has turned it on before. */
  readonly atOnce?: boolean;
  /** Called when it is on. */
  readonly onLive?: () => void;
}

/**
 * The camera before an exam: requested by a button, and again automatically after the user allows or connects it.
 * Stopped when the component unmounts.
 */
export function useCamera({
  constraints = CAMERA_CONSTRAINTS,
  remembers = true,
  atOnce = false,
  onLive,
}: CameraOptions = {}): CameraControl {
  const [state, setState] = useState<CameraState>({ at: 'off' });
  const open = useRef<MediaStream | undefined>(undefined);
  const gone = useRef(false);
  const asking = useRef(false);

  const follow = useCallback((stream: MediaStream) => {
    stop(open.current);
    open.current = stream;
    stream.getVideoTracks()[0]?.addEventListener('ended', () => {
      if (open.current !== stream) return;
      open.current = undefined;
      ask();
    });
    setState({ at: 'live', stream });
    onLive?.();
  }, []);
  const ask = useCallback(() => {
    if (open.current || asking.current) return;
    asking.current = true;
    setState({ at: 'asking' });
    void openCamera(constraints, remembers ? chosenCamera() : undefined)
      .then(async (stream) => {
        if (gone.current) return stop(stream);
        follow(stream);
      })
      .catch(async (error: unknown) => setState({ at: 'failed', problem: await findProblem(error) }))
      .finally(() => (asking.current = false));
  }, []);

  useEffect(() => {
    gone.current = false;
    if (atOnce) ask();
    return () => {
      gone.current = true;
      stop(open.current);
      open.current = undefined;
    };
  }, []);
  useEffect(() => (state.at === 'failed' ? whenItMayHelp(ask) : undefined), [state.at, ask]);

  const choose = useCallback(async (deviceId: string) => {
    const { facingMode: _, ...others } = constraints;
    const stream = await openCamera({ ...others, deviceId: { exact: deviceId } });
    if (gone.current) return stop(stream);
    if (remembers) rememberCamera(deviceId);
    follow(stream);
  }, []);
  const take = useCallback(() => {
    const stream = open.current;
    open.current = undefined;
    return stream;
  }, []);
  return { state, ask, choose, take };
}

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
