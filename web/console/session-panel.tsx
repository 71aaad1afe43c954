import { useEffect, useRef } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { EventList } from '../shared/event-list.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { Commands } from './commands.tsx';
import type { ConsoleClient } from './console-client.ts';

interface SessionPanelProps {
  readonly client: ConsoleClient;
  readonly session: SessionView;
  readonly events: readonly Event[];
  readonly onClose: () => void;
}

/** One session closely: what was noted, and what can be done. */
export function SessionPanel({ client, session, events, onClose }: SessionPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever chose the tile by keyboard goes on from here.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <aside class="panel card stack">
      <div class="row between">
        <h2 ref={heading} tabIndex={-1}>
          {session.studentName}
        </h2>
        <button class="small" onClick={onClose}>
          Close
        </button>
      </div>
      <div class="row">
        <LevelBadge level={session.level} />
        <span class="small tabular">
          Score {session.score.toFixed(0)} · lately {session.rolling.toFixed(1)}
        </span>
      </div>
      <dl class="facts small">
        <dt>Began</dt>
        <dd>{dateAndTime(session.startedAt)}</dd>
        <dt>Until</dt>
        <dd>{session.deadline ? dateAndTime(session.deadline) : 'no limit'}</dd>
        <dt>Status</dt>
        <dd>
          {session.status === 'ended' ? 'ended' : `${session.status}, ${session.connected ? 'connected' : 'not connected'}`}
        </dd>
      </dl>
      {session.status !== 'ended' && <Commands client={client} session={session} />}
      <div>
        <h3>What was noted</h3>
        <EventList events={events} none="Nothing so far." />
      </div>
    </aside>
  );
}
