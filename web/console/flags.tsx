import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { FLAG_BUTTON, FlagDialog } from './flag-dialog.tsx';
import { t } from './messages.ts';
import type { FlagActs } from './use-flags.ts';

interface FlagsProps {
  readonly api: Api;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
  readonly acts: FlagActs;
}

/** What a person saw: a flag, or the image of now. */
export function Flags({ api, session, name, events, acts }: FlagsProps) {
  const zone = useZone();
  const { busy, error, mayKeep, kept, flagging } = acts;
  return (
    <div class="stack tight">
      <div class="row">
        <button id={FLAG_BUTTON} aria-haspopup="dialog" onClick={() => acts.setFlagging(true)}>
          {t.session.flag.title}
        </button>
        {mayKeep && (
          <button disabled={busy} onClick={() => acts.keep()}>
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
          onClose={() => acts.setFlagging(false)}
        />
      )}
    </div>
  );
}
