import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Team } from '../../protocol/team.ts';
import type { Api } from '../shared/api.ts';
import { useAction } from '../shared/use-action.ts';
import { attentionOf } from './attention.tsx';
import type { WallStore } from './wall-store.ts';

/** Between two attempts to mark a session as seen, ms. */
const RETRY_MS = 5000;

export interface TeamActs {
  readonly busy: boolean;
  readonly error: string | undefined;
  /** @param to null: nobody looks after the session from now on */
  claim(to: string | null): void;
  seen(): void;
  /** Whether the person is choosing a colleague. */
  readonly handing: boolean;
  setHanding(handing: boolean): void;
}

/** Acts of this person on who works on a session. The socket tells everybody what came of them. */
export function useTeamActs(api: Api, session: SessionView | undefined, team: Team | undefined): TeamActs {
  const { busy, error, run } = useAction();
  const [handing, setHanding] = useState(false);
  const path = `/api/sessions/${session?.id}`;
  return {
    busy,
    error,
    claim: (to) => void run(() => api.put(`${path}/claim`, { to, holder: team?.claim?.by.id ?? null })),
    seen: () => void run(() => api.post(`${path}/seen`, { attention: session ? attentionOf(session).value : 0 })),
    handing,
    setHanding,
  };
}

/** What happens while the page is open and in front counts as seen, for everybody. */
export function useSeenWhileOpen(store: WallStore | undefined, session: string, mayMark: boolean): void {
  useEffect(() => {
    if (!store || !mayMark) return;
    let busy = false;
    let notBefore = 0;
    const look = () => {
      if (busy || Date.now() < notBefore) return;
      if (document.visibilityState !== 'visible' || !store.needsLook(session)) return;
      busy = true;
      store
        .markSeen(session)
        // A failure leaves it in the queue.
        .catch(() => void (notBefore = Date.now() + RETRY_MS))
        .finally(() => void (busy = false));
    };
    look();
    return store.on('pulse', look);
  }, [store, session, mayMark]);
}
