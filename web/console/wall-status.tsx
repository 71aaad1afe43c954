import type { SessionView } from '../../protocol/down.ts';
import { LEVELS } from '../../protocol/event-types.ts';
import type { LinkState, StateChange } from '../sdk/link-state.ts';
import { LevelBadge } from '../shared/level-badge.tsx';

const WORDS: Record<LinkState, string> = {
  idle: 'Not connected',
  connecting: 'Connecting …',
  live: 'Live',
  waiting: 'Connection lost, trying again',
  unauthenticated: 'Your login has ended',
  takenOver: 'Not connected',
  ended: 'Not connected',
  failed: 'The server does not accept this connection',
};

interface WallStatusProps {
  readonly link: StateChange;
  readonly sessions: readonly SessionView[];
  readonly onConnect: () => void;
}

/** The console's own connection, and how many sessions stand where. */
export function WallStatus({ link, sessions, onConnect }: WallStatusProps) {
  const running = sessions.filter(({ status }) => status !== 'ended');
  const stopped = ['unauthenticated', 'takenOver', 'failed'].includes(link.state) && link.retryInMs === undefined;
  return (
    <div class="row" role="status">
      <span class={`badge ${link.state === 'live' ? 'low' : stopped ? 'high' : 'medium'}`}>{WORDS[link.state]}</span>
      {stopped && (
        <button class="small" onClick={onConnect}>
          Connect again
        </button>
      )}
      <span class="muted small">
        {running.length} running, {running.filter(({ connected }) => connected).length} connected
      </span>
      {LEVELS.toReversed().map((level) => {
        const count = running.filter((session) => session.level === level).length;
        return count > 0 && level !== 'Low' ? (
          <span key={level} class="row tabular">
            {count} × <LevelBadge level={level} />
          </span>
        ) : null;
      })}
    </div>
  );
}
