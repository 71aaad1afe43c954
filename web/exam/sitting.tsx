import { useCallback, useState } from 'preact/hooks';
import { CameraView } from '../camera/camera-view.tsx';
import type { Api } from '../shared/api.ts';
import { EventList } from '../shared/event-list.tsx';
import { Problem } from '../shared/field.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Calibration } from './calibration.tsx';
import { CameraLine } from './camera-line.tsx';
import { Countdown } from './countdown.tsx';
import { CutLine } from './cut-line.tsx';
import { Done } from './done.tsx';
import { ExamArea } from './exam-area.tsx';
import { HandIn } from './hand-in.tsx';
import { LinkLine } from './link-line.tsx';
import { LookLine } from './look-line.tsx';
import { Notices } from './notices.tsx';
import { Stopped } from './stopped.tsx';
import { useSession } from './use-session.ts';

interface SittingProps {
  readonly api: Api;
  readonly title: string;
  readonly sessionId: string;
  readonly camera: MediaStream | undefined;
  /** It was begun before this page: how the student sits was measured then. */
  readonly resumed: boolean;
  readonly onLeave: () => void;
}

/** The exam while it is sat: how the student sits is measured first, then comes the exam. */
export function Sitting({ api, title, sessionId, camera: first, resumed, onLeave }: SittingProps) {
  const { invigil, view, camera, pending } = useSession(api, sessionId, first);
  const [calibrated, setCalibrated] = useState(resumed);
  const endCalibration = useCallback(() => setCalibrated(true), []);
  const { client } = invigil;
  if (view.link.state === 'ended') return <Done api={api} sessionId={sessionId} view={view} onLeave={onLeave} />;
  return (
    <div class="sitting">
      <section class="stack exam-part">
        <div class="row between">
          <PageTitle>{title}</PageTitle>
          <Countdown deadline={view.deadline} />
        </div>
        <CutLine link={view.link} was={view.calibrationSeconds !== undefined} pending={pending} />
        <Stopped api={api} client={client} link={view.link} />
        {view.paused && (
          <p class="note warn" role="alert">
            <b>A proctor has paused the exam{view.pauseReason ? `: ${view.pauseReason}` : ''}.</b> No pictures are sent
            until it goes on.
          </p>
        )}
        <Notices notices={view.notices} />
        {calibrated ? (
          <ExamArea title={title} hidden={view.paused} />
        ) : (
          <Calibration client={client} view={view} seconds={view.calibrationSeconds} onDone={endCalibration} />
        )}
        {calibrated && <HandIn client={client} />}
      </section>
      <section class="card stack me-part" aria-label="You and your connection">
        <div class="self">
          <CameraView stream={invigil.stream} />
          <div class="stack tight">
            <LinkLine link={view.link} />
            {view.risk && <LevelBadge level={view.risk.level} />}
            {view.risk && (
              <dl class="facts small tabular">
                <dt>Score</dt>
                <dd>{view.risk.score.toFixed(0)}</dd>
                <dt>Lately</dt>
                <dd>{view.risk.rolling.toFixed(1)}</dd>
              </dl>
            )}
          </div>
        </div>
        <LookLine view={view} />
        <CameraLine change={camera} onAgain={() => invigil.retryCamera()} />
        <Problem>{view.fault}</Problem>
        <div>
          <button class="small" onClick={() => void document.documentElement.requestFullscreen().catch(() => {})}>
            Full screen
          </button>
        </div>
      </section>
      <section class="card stack noted-part" aria-labelledby="noted">
        <h2 id="noted">What was noted</h2>
        <div class="noted" tabIndex={0} role="region" aria-labelledby="noted">
          <EventList events={view.events} empty="Nothing so far." />
        </div>
      </section>
    </div>
  );
}
