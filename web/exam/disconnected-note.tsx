import { useEffect, useState } from 'preact/hooks';
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

/** A first connection takes longer than this only if something is wrong, ms. */
const FIRST_MS = 4_000;

/** True once `on` has been for a while. */
function useLasting(on: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setTimeout(() => setLasts(true), ms);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [on, ms]);
  return on && lasts;
}

/**
 * Shown as soon as the connection is lost, and when a first one does not come: the exam continues, and the interruption
 * does not count against anybody.
 */
export function DisconnectedNote({ link, was, pending }: DisconnectedNoteProps) {
  const online = useOnline();
  const isConnecting = link.state === 'waiting' || link.state === 'connecting';
  const isLate = useLasting(isConnecting, FIRST_MS);
  if (isConnecting && link.refusal)
    return (
      <div class="note warn" role="alert">
        {t.refusedBy(link.refusal)}
      </div>
    );
  if (isLate && !was)
    return (
      <div class="note warn" role="alert">
        <b>{online ? t.notYet : t.offline}</b> {t.notYetAdvice}
      </div>
    );
  const isCut = was && (isConnecting || (link.state === 'live' && !online));
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
