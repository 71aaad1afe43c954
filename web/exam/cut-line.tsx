import type { StateChange } from '../sdk/link-state.ts';
import { useOnline } from '../shared/use-online.ts';

interface CutLineProps {
  readonly link: StateChange;
  /** Whether there was a connection before. */
  readonly was: boolean;
  /** Signals that the server has not acknowledged. */
  readonly pending: number;
}

/** Says at once that the connection is gone, what waits for it, and that it is no offence. */
export function CutLine({ link, was, pending }: CutLineProps) {
  const online = useOnline();
  const isCut = was && (link.state === 'waiting' || link.state === 'connecting' || (link.state === 'live' && !online));
  if (!isCut) return null;
  return (
    <div class="note warn stack" role="alert">
      <p>
        <b>{online ? 'The connection to the server is lost.' : 'This computer is offline.'}</b> Go on with your exam. It
        is connected again by itself, and the loss does not count against you.
      </p>
      <p class="small tabular">{waiting(pending)}</p>
    </div>
  );
}

function waiting(pending: number): string {
  if (pending === 0) return 'Nothing waits to be sent.';
  return pending === 1
    ? '1 report waits and is sent when the connection is back.'
    : `${pending} reports wait and are sent when the connection is back.`;
}
