import type { StateChange } from '../sdk/link-state.ts';
import { useOnline } from '../shared/use-online.ts';
import { t } from './messages.ts';

interface DisconnectedNoteProps {
  readonly link: StateChange;
  /** Whether the page was connected before. */
  readonly was: boolean;
  /** Signals that the server has not acknowledged. */
  readonly pending: number;
}

/** Shown as soon as the connection is lost: the exam continues, and the interruption does not count against anybody. */
export function DisconnectedNote({ link, was, pending }: DisconnectedNoteProps) {
  const online = useOnline();
  const isCut = was && (link.state === 'waiting' || link.state === 'connecting' || (link.state === 'live' && !online));
  if (!isCut) return null;
  return (
    <div class="note warn stack" role="alert">
      <p>
        <b>{online ? t.lost : t.offline}</b> {t.lostAdvice}
      </p>
      <p class="small tabular">{t.waiting(pending)}</p>
    </div>
  );
}
