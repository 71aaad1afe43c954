import { useEffect, useMemo, useState } from 'preact/hooks';
import { InvigilClient } from '../sdk/client.ts';
import type { Api } from '../shared/api.ts';
import { readEvents } from '../shared/read-events.ts';
import { addOlder } from '../shared/upsert-event.ts';
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
    client.connect().catch(() => {});
    // The socket tells what is new; what was noted before a reload comes from here.
    readEvents(api, sessionId)
      .then((events) => setView((now) => ({ ...now, events: addOlder(now.events, events) })))
      .catch(() => {});
    return () => {
      stop();
      client.close();
    };
  }, [api, client, sessionId]);
  return { client, view };
}
