import type { InvigilClient } from '../sdk/client.ts';
import type { StateChange } from '../sdk/link-state.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';

interface StoppedProps {
  readonly api: Api;
  readonly client: InvigilClient;
  readonly link: StateChange;
}

/** When the connection does not come back by itself: why, and what the student can do. */
export function Stopped({ api, client, link }: StoppedProps) {
  const again = () => void client.connect().catch(() => {});
  if (link.state === 'unauthenticated' && link.retryInMs === undefined) {
    return (
      <div class="stack">
        <p class="note warn" role="alert">
          Your login has ended. Log in again to go on; nothing is lost meanwhile.
        </p>
        {api.user ? <button onClick={again}>Go on</button> : <Login api={api} title="Log in again" onDone={again} />}
      </div>
    );
  }
  if (link.state === 'takenOver') {
    return (
      <div class="note warn stack" role="alert">
        <p>This exam was opened in another window or on another machine.</p>
        <p>
          <button onClick={again}>Go on here</button>
        </p>
      </div>
    );
  }
  if (link.state === 'failed') {
    return (
      <div class="note bad stack" role="alert">
        <p>The server does not accept this connection. {link.reason ?? ''} Please tell your proctor.</p>
        <p>
          <button onClick={again}>Try again</button>
        </p>
      </div>
    );
  }
  return null;
}
