import { useCallback, useState } from 'preact/hooks';
import { CameraPicker } from '../camera/camera-picker.tsx';
import { CameraView } from '../camera/camera-view.tsx';
import { rememberCamera } from '../camera/chosen-camera.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { EventList } from '../shared/event-list.tsx';
import { Problem } from '../shared/field.tsx';
import { sentence } from '../shared/messages/sentence.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { Calibration } from './calibration.tsx';
import { CameraLine } from './camera-line.tsx';
import { ChangeAnnouncer } from './change-announcer.tsx';
import { Countdown } from './countdown.tsx';
import { Conversation } from './conversation.tsx';
import { DisconnectedNote } from './disconnected-note.tsx';
import { ExamEnded } from './exam-ended.tsx';
import { ExamArea } from './exam-area.tsx';
import { FinishExam } from './finish-exam.tsx';
import { LinkLine } from './link-line.tsx';
import { AnalysisLine } from './analysis-line.tsx';
import { t } from './messages.ts';
import { NewestMessage } from './newest-message.tsx';
import { OwnRisk } from './own-risk.tsx';
import { ReconnectPrompt } from './reconnect-prompt.tsx';
import { TimeWarnings } from './time-warnings.tsx';
import { useFormLink } from './use-form-link.ts';
import { UplinkLine } from './uplink-line.tsx';
import { useLeaveWarning } from './use-leave-warning.ts';
import { useSession } from './use-session.ts';

interface RunningExamProps {
  readonly api: Api;
  readonly title: string;
  /** Open to everyone: its page may be a demonstration. */
  readonly isTrial: boolean;
  readonly sessionId: string;
  readonly camera: MediaStream | undefined;
  /** The exam was started before this page was opened: the calibration is done. */
  readonly resumed: boolean;
  readonly onLeave: () => void;
}

/** A running exam: calibration first, then the questions. */
export function RunningExam({ api, title, isTrial, sessionId, camera: first, resumed, onLeave }: RunningExamProps) {
  const { invigil, view, camera, pending } = useSession(api, sessionId, first);
  const [calibrated, setCalibrated] = useState(resumed);
  const endCalibration = useCallback(() => setCalibrated(true), []);
  const { client } = invigil;
  const [owner] = useState(() => api.user);
  const cameraWorks = camera === undefined || 'stream' in camera;
  const form = useFormLink(client, view);
  useLeaveWarning(view.link.state !== 'ended');
  const pauseReason = view.pauseReason ?? reasonOfPause(view.events);
  if (form.over) return <ExamEnded api={api} sessionId={sessionId} view={view} onLeave={onLeave} />;
  return (
    <div class="running-exam">
      <section class="stack exam-part">
        <div class="row between">
          <PageTitle>{title}</PageTitle>
          <Countdown client={client} />
        </div>
        <TimeWarnings client={client} />
        <ChangeAnnouncer client={client} view={view} />
        <DisconnectedNote link={view.link} was={view.calibrationSeconds !== undefined} pending={pending} />
        <ReconnectPrompt api={api} client={client} link={view.link} owner={owner} />
        {view.paused && (
          <p class="note warn" role="alert">
            <b>{pauseReason ? sentence(t.pausedBecause(pauseReason)) : t.paused}</b>{' '}
            {view.deadline ? t.pausedEffect : t.pausedNoLimit}
          </p>
        )}
        <NewestMessage message={view.message} />
        {calibrated ? (
          <ExamArea
            title={title}
            isTrial={isTrial}
            hidden={view.paused || view.link.state === 'ended'}
            form={form.link}
          />
        ) : (
          <Calibration client={client} view={view} seconds={view.calibrationSeconds} onDone={endCalibration} />
        )}
        {calibrated && <FinishExam client={client} onFinishing={form.finishing} onFailed={form.goOn} />}
      </section>
      <section class="card stack me-part" aria-label={t.you}>
        <div class="self">
          <CameraView stream={invigil.stream} />
          <div class="stack tight">
            <LinkLine link={view.link} />
            {view.risk && view.studentView === 'score' && <OwnRisk risk={view.risk} />}
          </div>
        </div>
        {cameraWorks && <AnalysisLine view={view} />}
        <UplinkLine view={view} />
        <CameraPicker
          stream={invigil.stream}
          onChoose={(deviceId) => invigil.useCamera(deviceId).then(() => rememberCamera(deviceId))}
        />
        <CameraLine change={camera} onAgain={() => invigil.retryCamera()} />
        <Problem>{view.fault}</Problem>
        <div>
          <button class="small" onClick={() => void document.documentElement.requestFullscreen().catch(() => {})}>
            {t.fullScreen}
          </button>
        </div>
      </section>
      <Conversation api={api} client={client} sessionId={sessionId} view={view} pending={pending} />
      {view.studentView !== 'none' && (
        <div class="card stack events-part">
          <h2 id="events">{t.events}</h2>
          <div class="event-scroll" tabIndex={0} role="region" aria-labelledby="events">
            <EventList events={view.events} empty={t.noEvents} />
          </div>
        </div>
      )}
    </div>
  );
}

/** After a reload the reason is known from the record, newest event first. */
function reasonOfPause(events: readonly Event[]): string | undefined {
  const reason = events.find(({ type, source }) => type === 'SESSION_PAUSED' && source === 'proctor')?.details[
    'reason'
  ];
  return typeof reason === 'string' ? reason : undefined;
}
