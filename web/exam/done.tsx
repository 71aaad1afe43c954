import { useEffect, useState } from 'preact/hooks';
import type { EndReason } from '../../protocol/down.ts';
import type { Api } from '../shared/api.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { hrefOf } from './route.ts';
import { type MyAttempt, Tally } from './record-parts.tsx';
import type { SessionView } from './session-view.ts';

const REASONS: Record<EndReason, string> = {
  finished: 'You have finished the exam',
  ended: 'The exam was ended',
  terminated: 'A proctor has ended the exam',
  expired: 'The time is up',
};

interface DoneProps {
  readonly api: Api;
  readonly sessionId: string;
  readonly view: SessionView;
  readonly onLeave: () => void;
}

export function Done({ api, sessionId, view, onLeave }: DoneProps) {
  const [attempt, setAttempt] = useState<MyAttempt>();
  // What is stored, which is what a decision would rest on; without an answer the link below asks again.
  useEffect(
    () => void api.get<MyAttempt>(`/api/proctoring/my-attempt/${sessionId}`).then(setAttempt, () => {}),
    [api, sessionId],
  );
  // What the proctor gave as the reason comes as an event, ahead of the end.
  const why =
    view.ended?.reason === 'terminated'
      ? view.events.find(({ type }) => type === 'SESSION_TERMINATED')?.details['reason']
      : undefined;
  const { score, level } = attempt
    ? { score: attempt.session.riskScore, level: attempt.session.riskLevel }
    : (view.risk ?? {});
  return (
    <section class="middle stack">
      <div class="card stack">
        <PageTitle>{REASONS[view.ended?.reason ?? 'ended']}</PageTitle>
        {typeof why === 'string' && <p class="note warn">The proctor's reason: {why}</p>}
        <p>The camera is off, and nothing more is recorded.</p>
        {score !== undefined && level && (
          <p class="row">
            <LevelBadge level={level} />
            <span>Score {score.toFixed(0)}. It decides nothing: a person looks at what was noted.</span>
          </p>
        )}
      </div>
      <div class="card stack">
        <h2>What was recorded</h2>
        {attempt ? (
          <Tally attempt={attempt} events={view.events} />
        ) : (
          <p class="muted">{`${view.events.length} entries.`}</p>
        )}
        <p>
          <a href={hrefOf({ page: 'record', session: sessionId })} onClick={onLeave}>
            Your record of this exam
          </a>
          : every entry with its time, and what became of it. You find it again in the list of exams.
        </p>
        <div>
          <button onClick={onLeave}>Back to the exams</button>
        </div>
      </div>
    </section>
  );
}
