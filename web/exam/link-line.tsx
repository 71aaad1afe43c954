import type { StateChange } from '../sdk/link-state.ts';

/** The connection's state in words that a student understands. */
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
      return { text: 'Connected', tone: 'low' };
    case 'idle':
    case 'connecting':
      return { text: 'Connecting …', tone: '' };
    case 'waiting':
      return { text: 'Connection lost, trying again', tone: 'medium' };
    case 'unauthenticated':
      return retryInMs === undefined
        ? { text: 'Logged out', tone: 'high' }
        : { text: 'Logging in again …', tone: 'medium' };
    case 'takenOver':
      return { text: 'Open in another window', tone: 'high' };
    case 'ended':
      return { text: 'Ended', tone: '' };
    case 'failed':
      return { text: 'Not connected', tone: 'high' };
  }
}
