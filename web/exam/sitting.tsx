import { useEffect, useRef, useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { messageOf } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { EventList } from '../shared/event-list.tsx';
import { LevelBadge } from '../shared/level-badge.tsx';
import { timeOfDay } from '../shared/time-format.ts';
import { type Report, watchBrowser, watchCamera } from './browser-signals.ts';
import { CameraView } from './camera-view.tsx';
import { openCamera, stopCamera } from './camera.ts';
import { captureFrames } from './capture.ts';
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
  const { client, view } = useSession(api, sessionId);
  const [camera, setCamera] = useState(first);
  const [cameraFault, setCameraFault] = useState<string>();
  const video = useRef<HTMLVideoElement>(null);
  const over = view.link.state === 'ended';

  useEffect(() => {
    // What happens after the end is nobody's business, and refused by the client.
    const report: Report = (signal, data) => void (client.state === 'ended' || client.signal(signal, data));
    const stopBrowser = over ? undefined : watchBrowser(report);
    const lost = (reason: string) => {
      report('CAMERA_UNAVAILABLE', { reason });
      setCameraFault('The camera has stopped. Turn it on again to go on as agreed.');
    };
    const stopWatch = camera && !over ? watchCamera(camera, lost) : undefined;
    const stopCapture = camera && !over && video.current ? captureFrames(video.current, client) : undefined;
    return () => {
      stopBrowser?.();
      stopWatch?.();
      stopCapture?.();
    };
  }, [client, camera, over]);
  useEffect(() => {
    if (over) stopCamera(camera);
    return () => stopCamera(camera);
  }, [camera, over]);

  const turnOn = () =>
    void openCamera().then(
      (stream) => (setCamera(stream), setCameraFault(undefined)),
      (fault: unknown) => setCameraFault(messageOf(fault)),
    );

  if (over) return <Done view={view} onLeave={onLeave} />;
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
          <CameraView stream={camera} video={video} />
          <LookLine view={view} />
          {cameraFault && (
            <>
              <Problem>{cameraFault}</Problem>
              <button onClick={turnOn}>Turn the camera on</button>
            </>
          )}
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
