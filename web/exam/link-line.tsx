import type { StateChange } from '../sdk/link-state.ts';
import { t } from './messages.ts';

/** State of the connection, for the student. */
export function LinkLine({ link }: { readonly link: StateChange }) {
  const { text, tone } = describe(link);
  return (
    <span class={`badge ${tone}`} role="status">
      {text}
    </span>
  );
}

function describe({ state, retryInMs }: StateChange): { text: string; tone: string } {
  switch (state) {
    case 'live':
      return { text: t.connected, tone: 'low' };
    case 'idle':
    case 'connecting':
      return { text: t.connecting, tone: '' };
    case 'waiting':
      return { text: t.reconnecting, tone: 'medium' };
    case 'unauthenticated':
      return retryInMs === undefined ? { text: t.loggedOut, tone: 'high' } : { text: t.loggingIn, tone: 'medium' };
    case 'takenOver':
      return { text: t.elsewhere, tone: 'high' };
    case 'ended':
      return { text: t.ended, tone: '' };
    case 'failed':
      return { text: t.notConnected, tone: 'high' };
  }
}
