import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { EventList } from '../shared/event-list.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import { timeOfDay } from '../shared/time-format.ts';
import { CameraView } from './camera-view.tsx';
import { cameraTrouble } from './camera.ts';
import { Countdown } from './countdown.tsx';
import { Done } from './done.tsx';
import { HandIn } from './hand-in.tsx';
import { LinkLine } from './link-line.tsx';
import { LookLine } from './look-line.tsx';
import { Stopped } from './stopped.tsx';
import { useSession } from './use-session.ts';

interface SittingProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  readonly sessionId: string;
  readonly camera: MediaStream | undefined;
  readonly onLeave: () => void;
}

/** The exam while it is sat. */
export function Sitting({ api, exam, sessionId, camera: first, onLeave }: SittingProps) {
  const { invigil, view, camera } = useSession(api, sessionId, first);
  const { client } = invigil;
  const trouble = cameraTrouble(camera);
  if (view.link.state === 'ended') return <Done view={view} onLeave={onLeave} />;
  return (
    <div class="sitting">
      <section class="stack">
        <div class="row between">
          <h1>{exam.title}</h1>
          <Countdown deadline={view.deadline} />
        </div>
        <Stopped api={api} client={client} link={view.link} />
        {view.paused && (
          <p class="note warn" role="alert">
            <b>A proctor has paused the exam{view.pauseReason ? `: ${view.pauseReason}` : ''}.</b> No pictures are sent until it goes on.
          </p>
        )}
        {view.notices.map(({ at, text }) => (
          <p key={at} class="note" role="status">
            <b>Proctor, {timeOfDay(at)}:</b> {text}
          </p>
        ))}
        <div class="card stack">
          <h2>What was noted</h2>
          <EventList events={view.events} none="Nothing so far." />
        </div>
        <HandIn client={client} />
      </section>
      <aside class="stack">
        <div class="card stack">
          <CameraView stream={invigil.stream} />
          <LookLine view={view} />
          <Problem>{trouble}</Problem>
          {camera?.state === 'refused' && <button onClick={() => invigil.retryCamera()}>Turn the camera on</button>}
          <div class="row">
            <LinkLine link={view.link} />
            {view.risk && <LevelBadge level={view.risk.level} />}
          </div>
          {view.risk && (
            <dl class="facts small tabular">
              <dt>Score</dt>
              <dd>{view.risk.score.toFixed(0)}</dd>
              <dt>Lately</dt>
              <dd>{view.risk.rolling.toFixed(1)}</dd>
            </dl>
          )}
          <Problem>{view.fault}</Problem>
        </div>
        <button onClick={() => void document.documentElement.requestFullscreen().catch(() => {})}>Full screen</button>
      </aside>
    </div>
  );
}
