import type { EndReason } from '../../protocol/down.ts';
import { EventList } from '../shared/event-list.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import type { SessionView } from './session-view.ts';

const REASONS: Record<EndReason, string> = {
  finished: 'You have finished the exam.',
  ended: 'The exam was ended.',
  terminated: 'A proctor has ended the exam.',
  expired: 'The time is up.',
};

interface DoneProps {
  readonly view: SessionView;
  readonly onLeave: () => void;
}

export function Done({ view, onLeave }: DoneProps) {
  return (
    <section class="middle stack">
      <div class="card stack">
        <h1>{REASONS[view.ended?.reason ?? 'ended']}</h1>
        <p>The camera is off, and nothing more is recorded.</p>
        {view.risk && (
          <p class="row">
            <LevelBadge level={view.risk.level} />
            <span class="muted">Score {view.risk.score.toFixed(0)}. It decides nothing: a person looks at what was noted.</span>
          </p>
        )}
        <div>
          <button onClick={onLeave}>Back to the exams</button>
        </div>
      </div>
      <div class="card stack">
        <h2>What was noted</h2>
        <EventList events={view.events} none="Nothing." />
      </div>
    </section>
  );
}
