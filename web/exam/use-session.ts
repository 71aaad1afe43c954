import { useEffect, useMemo, useState } from 'preact/hooks';
import type { CameraChange } from '../sdk/browser/camera.ts';
import { Invigil } from '../sdk/browser/invigil.ts';
import type { Api } from '../shared/api.ts';
import { readEvents } from '../shared/read-events.ts';
import { mergeRead } from '../shared/upsert-event.ts';
import { follow, NOTHING_YET, type SessionView } from './session-view.ts';

/** One session, proctored for as long as the component lives. @param first the camera as the student turned it on */
export function useSession(api: Api, sessionId: string, first: MediaStream | undefined): { invigil: Invigil; view: SessionView; camera: CameraChange | undefined } {
  const [view, setView] = useState(NOTHING_YET);
  const [camera, setCamera] = useState<CameraChange>();
  const invigil = useMemo(
    () =>
      new Invigil({
        server: location.origin,
        session: sessionId,
        getTicket: () => api.ticket(`/api/sessions/${sessionId}/ticket`),
        camera: first,
      }),
    [api, sessionId],
  );
  useEffect(() => {
    const stops = [
      follow(invigil.client, setView),
      invigil.on('camera', setCamera),
      // The socket tells what is new; what was noted before this page was there, or while it was away, is read.
      invigil.on('welcome', () => {
        readEvents(api, sessionId)
          .then((events) => setView((now) => ({ ...now, events: mergeRead(now.events, events) })))
          .catch(() => {});
      }),
    ];
    invigil.connect().catch(() => {});
    return () => {
      for (const stop of stops) stop();
      invigil.close();
    };
  }, [api, invigil, sessionId]);
  return { invigil, view, camera };
}
