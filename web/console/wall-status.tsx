import { LEVELS } from '../../protocol/event-types.ts';
import type { LinkState, StateChange } from '../sdk/link-state.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import { presenceOf } from './filters.ts';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

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

interface LinkBadgeProps {
  readonly link: StateChange;
  readonly onConnect: () => void;
}

/** The console's own connection. */
export function LinkBadge({ link, onConnect }: LinkBadgeProps) {
  const stopped = ['unauthenticated', 'takenOver', 'failed'].includes(link.state) && link.retryInMs === undefined;
  return (
    <span class="row tight" role="status">
      <span class={`badge ${link.state === 'live' ? 'low' : stopped ? 'high' : 'medium'}`}>{WORDS[link.state]}</span>
      {stopped && (
        <button class="small" onClick={onConnect}>
          Connect again
        </button>
      )}
    </span>
  );
}

/** How many sessions stand where. */
export function WallCounts({ store }: { readonly store: WallStore }) {
  const { running, connected, levels } = usePulse(store, ({ sessions }) => {
    const all = [...sessions.values()].filter(({ status }) => status !== 'ended');
    return {
      running: all.length,
      connected: all.filter((session) => presenceOf(session) === 'connected').length,
      levels: LEVELS.map((level) => all.filter((session) => session.level === level).length),
    };
  });
  return (
    <div class="row tight">
      <span class="muted small tabular">
        {running} running, {connected} connected
      </span>
      {LEVELS.map((level, i) =>
        level === 'Low' || !levels[i] ? null : (
          <span key={level} class="row tight tabular">
            {levels[i]} × <LevelBadge level={level} />
          </span>
        ),
      ).toReversed()}
    </div>
  );
}
