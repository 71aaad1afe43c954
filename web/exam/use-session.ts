import { useEffect, useMemo, useState } from 'preact/hooks';
import { InvigilClient } from '../sdk/client.ts';
import type { Api } from '../shared/api.ts';
import { readEvents } from '../shared/read-events.ts';
import { mergeRead } from '../shared/upsert-event.ts';
import { follow, NOTHING_YET, type SessionView } from './session-view.ts';

/** The connection of one session, for as long as the component lives. */
export function useSession(api: Api, sessionId: string): { client: InvigilClient; view: SessionView } {
  const [view, setView] = useState(NOTHING_YET);
  const client = useMemo(
    () => new InvigilClient({ server: location.origin, getTicket: () => api.ticket(`/api/sessions/${sessionId}/ticket`) }),
    [api, sessionId],
  );
  useEffect(() => {
    const stop = follow(client, setView);
    // The socket tells what is new; what was noted before this page was there, or while it was away, is read.
    const stopReading = client.on('welcome', () => {
      readEvents(api, sessionId)
        .then((events) => setView((now) => ({ ...now, events: mergeRead(now.events, events) })))
        .catch(() => {});
    });
    client.connect().catch(() => {});
    return () => {
      stop();
      stopReading();
      client.close();
    };
  }, [api, client, sessionId]);
  return { client, view };
}
