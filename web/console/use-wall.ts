import { useEffect, useMemo, useState } from 'preact/hooks';
import type { StateChange } from '../sdk/link-state.ts';
import type { Api } from '../shared/api.ts';
import { readEvents } from '../shared/read-events.ts';
import { ConsoleClient } from './console-client.ts';
import { addEvents, applyMessage, EMPTY_WALL, select, type WallState } from './wall-state.ts';

interface WallHook {
  readonly client: ConsoleClient;
  readonly wall: WallState;
  readonly link: StateChange;
  readonly select: (session: string | undefined) => void;
}

/** The live state of an exam's sessions, or of all. */
export function useWall(api: Api, exam: string | undefined): WallHook {
  const [wall, setWall] = useState(EMPTY_WALL);
  const [link, setLink] = useState<StateChange>({ state: 'idle' });
  const client = useMemo(
    () => new ConsoleClient({ server: location.origin, getTicket: () => api.ticket('/api/console/ticket') }, exam),
    [api, exam],
  );
  useEffect(() => {
    // Hundreds of sessions send more than a screen can show: what arrives between two pictures is applied in one go.
    let waiting: ((state: WallState) => WallState)[] = [];
    let scheduled = false;
    const flush = () => {
      const steps = waiting;
      waiting = [];
      scheduled = false;
      setWall((state) => steps.reduce((now, step) => step(now), state));
    };
    const stops = [
      client.on('state', setLink),
      client.on('message', (message) => {
        waiting.push((state) => applyMessage(state, message));
        if (!scheduled) setTimeout(flush, 100);
        scheduled = true;
      }),
    ];
    client.connect();
    return () => {
      for (const stop of stops) stop();
      client.close();
    };
  }, [client]);
  const choose = (session: string | undefined) => {
    client.select(session);
    setWall((state) => select(state, session));
    if (!session) return;
    readEvents(api, session)
      .then((events) => setWall((state) => addEvents(state, session, events)))
      .catch(() => {});
  };
  return { client, wall, link, select: choose };
}
