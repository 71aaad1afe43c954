import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../../shared/api-error.ts';
import { LookBroken, type LookPhase, lookAtRoom } from './room-look.ts';
import { stillOfVideo } from './still.ts';

/** Maximum of both sides of a picture of the room. */
const SIDE = 960;

interface RoomLook {
  /** Undefined while nothing runs. */
  readonly phase: LookPhase | undefined;
  readonly fault: string | undefined;
  start(): void;
  stop(): void;
}

interface LookActs {
  /** Of an earlier look. */
  readonly remove: () => Promise<void>;
  readonly send: (jpeg: Blob) => Promise<void>;
  readonly begin: () => void;
  readonly over: () => void;
}

/** The look at the room of one step; ends when the step is left or the page is hidden. */
export function useRoomLook(
  video: RefObject<HTMLVideoElement | null>,
  { remove, send, begin, over }: LookActs,
): RoomLook {
  const [phase, setPhase] = useState<LookPhase>();
  const [fault, setFault] = useState<string>();
  const running = useRef<AbortController | undefined>(undefined);
  const looking = useRef(false);
  looking.current = phase?.at === 'looking';
  useEffect(() => {
    const hide = () => {
      // Pictures that were taken are sent from a hidden page, too.
      if (document.visibilityState === 'hidden' && looking.current) running.current?.abort(new LookBroken());
    };
    document.addEventListener('visibilitychange', hide);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      running.current?.abort();
    };
  }, []);
  const take = () => {
    const element = video.current;
    const track = (element?.srcObject as MediaStream | null)?.getVideoTracks()[0];
    const isLive = element && element.videoWidth > 0 && track?.readyState === 'live' && !track.muted;
    return isLive ? stillOfVideo(element, SIDE) : undefined;
  };
  const start = () => {
    if (running.current) return;
    const control = new AbortController();
    running.current = control;
    setFault(undefined);
    setPhase({ at: 'looking', ms: 0 });
    begin();
    remove()
      .then(() => lookAtRoom({ take, send, tell: setPhase, signal: control.signal }))
      .catch((error: unknown) => {
        // Stopped by the student: there is nothing to say.
        if (error instanceof LookBroken || !control.signal.aborted) setFault(messageOf(error));
      })
      .finally(() => {
        // What still waits to be sent belongs to a look that is over.
        control.abort();
        running.current = undefined;
        setPhase(undefined);
        over();
      });
  };
  return { phase, fault, start, stop: () => running.current?.abort() };
}
