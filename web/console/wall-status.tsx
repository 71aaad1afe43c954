import { ATTENTION_LEVELS, CALM } from '../../protocol/attention.ts';
import type { LinkState, StateChange } from '../sdk/link-state.ts';
import { AttentionBadge, attentionOf } from './attention.tsx';
import { number } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

const textOf = (state: LinkState): string => {
  const { live, connecting, reconnecting, loginExpired, refused, disconnected } = t.wall;
  const texts: Partial<Record<LinkState, string>> = {
    connecting,
    live,
    waiting: reconnecting,
    unauthenticated: loginExpired,
    failed: refused,
  };
  return texts[state] ?? disconnected;
};

interface LinkBadgeProps {
  readonly link: StateChange;
  readonly onConnect: () => void;
}

/** The console's own connection. */
export function LinkBadge({ link, onConnect }: LinkBadgeProps) {
  if (link.refusal)
    return (
      <span class="note warn small" role="alert">
        {t.wall.refusedBy(link.refusal)}
      </span>
    );
  const stopped = ['unauthenticated', 'takenOver', 'failed'].includes(link.state) && link.retryInMs === undefined;
  return (
    <span class="row tight" role="status">
      <span class={`badge ${link.state === 'live' ? 'low' : stopped ? 'high' : 'medium'}`}>{textOf(link.state)}</span>
      {stopped && (
        <button class="small" onClick={onConnect}>
          {t.wall.reconnect}
        </button>
      )}
    </span>
  );
}

/** Numbers of running and connected sessions, and of those that deserve a look. */
export function WallCounts({ store }: { readonly store: WallStore }) {
  const { running, connected, levels } = usePulse(store, ({ sessions }) => {
    const all = [...sessions.values()].filter(({ status }) => status !== 'ended');
    return {
      running: all.length,
      connected: all.filter((session) => session.connected).length,
      levels: ATTENTION_LEVELS.map((level) => all.filter((session) => attentionOf(session).level === level).length),
    };
  });
  return (
    <div class="row tight">
      <span class="muted small tabular">{t.wall.running(running, connected)}</span>
      {ATTENTION_LEVELS.map((level, i) =>
        level === 'calm' || !levels[i] ? null : (
          <span key={level} class="row tight tabular small">
            {number(levels[i])} × <AttentionBadge of={{ ...CALM, level }} bare />
          </span>
        ),
      ).toReversed()}
    </div>
  );
}
