import { useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { useAction } from '../shared/use-action.ts';

export interface FlagActs {
  readonly busy: boolean;
  readonly error: string | undefined;
  /** Whether the image of now can be kept. */
  readonly mayKeep: boolean;
  /** Time of the image that was kept last. */
  readonly kept: string | undefined;
  keep(): void;
  /** Whether the person is writing a flag. */
  readonly flagging: boolean;
  setFlagging(flagging: boolean): void;
}

/** What a person may record of a session. @param mayWatch whether they see the camera */
export function useFlagActs(api: Api, session: SessionView | undefined, mayWatch: boolean): FlagActs {
  const { busy, error, run } = useAction();
  const [kept, setKept] = useState<string>();
  const [flagging, setFlagging] = useState(false);
  const mayKeep = mayWatch && session !== undefined && session.status !== 'ended' && session.connected;
  const keep = () => {
    if (!mayKeep) return;
    void run(async () => {
      setKept(undefined);
      const { event } = await api.post<{ event: Event }>(`/api/sessions/${session.id}/snapshots`);
      setKept(event.startedAt);
    });
  };
  return { busy, error, mayKeep, kept, keep, flagging, setFlagging };
}
