import { useEffect, useMemo, useState } from 'preact/hooks';
import { chosenCamera } from '../camera/chosen-camera.ts';
import type { CameraChange } from '../sdk/browser/camera.ts';
import { Invigil } from '../sdk/browser/invigil.ts';
import type { Api } from '../shared/api.ts';
import { readEvents } from '../shared/read-events.ts';
import { mergeRead } from '../shared/upsert-event.ts';
import { readEndReason } from './end-reason.ts';
import { follow, NOTHING_YET, type SessionView } from './session-view.ts';
import { serverUrl } from '../shared/base-path.ts';

export interface SessionInUse {
  readonly invigil: Invigil;
  readonly view: SessionView;
  readonly camera: CameraChange | undefined;
  /** Signals that the server has not acknowledged. */
  readonly pending: number;
}

const chosen = () => {
  const deviceId = chosenCamera();
  return deviceId === undefined ? undefined : { deviceId };
};

/** A session, proctored while the component is mounted. @param first camera stream that the student turned on */
export function useSession(api: Api, sessionId: string, first: MediaStream | undefined): SessionInUse {
  const [view, setView] = useState(NOTHING_YET);
  const [camera, setCamera] = useState<CameraChange>();
  const [pending, setPending] = useState(0);
  const invigil = useMemo(
    () =>
      new Invigil({
        server: serverUrl(),
        session: sessionId,
        getTicket: () => api.ticket(`/api/sessions/${sessionId}/ticket`),
        camera: first ?? chosen(),
        // The page has notes of its own.
        banner: false,
        // Every other page of this origin, such as the login, is outside of the exam.
        pages: `${serverUrl()}/exam`,
      }),
    [api, sessionId],
  );
  useEffect(() => {
    const count = () => setPending(invigil.pending);
    const stops = [
      follow(invigil.client, setView),
      invigil.on('camera', setCamera),
      // Every event that can change the number of pending signals, also those that an earlier page left.
      ...(['signal', 'ack', 'state', 'welcome'] as const).map((name) => invigil.on(name, count)),
      // The socket delivers only new events; earlier ones, and those missed while disconnected, are read over HTTP.
      invigil.on('welcome', () => {
        readEvents(api, sessionId)
          .then((events) => setView((now) => ({ ...now, events: mergeRead(now.events, events) })))
          .catch(() => {});
      }),
    ];
    // The exam ended while this page had no connection: the stored session knows why.
    let told = false;
    stops.push(
      invigil.on('ended', () => (told = true)),
      invigil.on('state', ({ state }) => {
        if (state !== 'ended' || told) return;
        void readEndReason(api, sessionId).then((endReason) => setView((now) => ({ ...now, endReason })));
      }),
    );
    invigil.connect().catch(() => {});
    return () => {
      for (const stop of stops) stop();
      invigil.close();
    };
  }, [api, invigil, sessionId]);
  return { invigil, view, camera, pending };
}
