import { useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { FlagDialog } from './flag-dialog.tsx';
import { t } from './messages.ts';

/** Set by the card, so that keys do the same as its buttons. */
export interface FlagActs {
  flag: () => void;
  keep: () => void;
}

interface FlagsProps {
  readonly api: Api;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
  /** Whether the person sees the camera. */
  readonly mayWatch: boolean;
  readonly acts: FlagActs;
}

/** What a person saw: a flag, or the image of now. */
export function Flags({ api, session, name, events, mayWatch, acts }: FlagsProps) {
  const zone = useZone();
  const [flagging, setFlagging] = useState(false);
  const [kept, setKept] = useState<string>();
  const { busy, error, run } = useAction();
  const mayKeep = mayWatch && session.status !== 'ended' && session.connected;
  const keep = () =>
    void run(async () => {
      setKept(undefined);
      const { event } = await api.post<{ event: Event }>(`/api/sessions/${session.id}/snapshots`);
      setKept(event.startedAt);
    });
  acts.flag = () => setFlagging(true);
  acts.keep = () => (mayKeep ? keep() : undefined);
  return (
    <div class="stack tight">
      <div class="row">
        <button aria-haspopup="dialog" onClick={() => setFlagging(true)}>
          {t.session.flag.title}
        </button>
        {mayKeep && (
          <button disabled={busy} onClick={keep}>
            {t.session.flag.keepNow}
          </button>
        )}
      </div>
      <p class="small" role="status">
        {kept && t.session.flag.kept(zonedTimeOfDay(kept, zone))}
      </p>
      <Problem>{error}</Problem>
      {flagging && (
        <FlagDialog
          api={api}
          session={session}
          name={name}
          events={events}
          mayKeep={mayKeep}
          onClose={() => setFlagging(false)}
        />
      )}
    </div>
  );
}
