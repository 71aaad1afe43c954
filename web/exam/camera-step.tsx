import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { CameraCheck } from '../camera/camera-check.tsx';
import { useCamera } from '../camera/use-camera.ts';
import { useLiveCheck } from '../camera/use-live-check.ts';
import type { Api } from '../shared/api.ts';
import { ApiError } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { at } from '../shared/base-path.ts';

interface CameraStepProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  /** Staff have admitted the student: the page around has its title, and the camera was on for the check-in. */
  readonly admitted?: boolean;
  /** Runs the start of a session. */
  readonly begin?: (start: () => Promise<string>) => Promise<string>;
  readonly onBack: () => void;
  readonly onStart: (sessionId: string, camera: MediaStream | undefined) => void;
}

/**
 * Camera check before the exam time starts. The Begin button is locked until a face is detected, or until the server
 * turns out to be unable to check.
 */
export function CameraStep({ api, exam, admitted = false, begin, onBack, onStart }: CameraStepProps) {
  const camera = useCamera({ atOnce: admitted });
  const { check, gate } = useLiveCheck(camera.state.at === 'live' ? camera.state.stream : undefined);
  const { busy, error, run } = useAction();
  // Time is running in a running exam: the student may return at once, and a missing camera is recorded.
  const running = exam.runningSessionId;
  const locked = running === null && !(camera.state.at === 'live' && gate.open);
  const startNew = () => startSession(api, exam.id);
  const start = () =>
    void run(async () => onStart(running ?? (await (begin ? begin(startNew) : startNew())), camera.take()));
  return (
    <section class="middle stack">
      {admitted ? (
        <p key="admitted" class="note good">
          {t.checkIn.admittedNote}
        </p>
      ) : (
        <PageTitle>{exam.title}</PageTitle>
      )}
      <CameraCheck camera={camera} check={check} gate={gate} />
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={locked || busy} aria-describedby="begin-note" onClick={start}>
          {running === null ? t.begin : t.continueTitle}
        </button>
        <button onClick={onBack}>{common.back}</button>
        <a class="small" href={at('/system-check')} target="_blank" rel="noopener">
          {t.fullSystemCheck}
        </a>
      </div>
      <p id="begin-note" class="muted small" role="status">
        {running !== null ? t.beginRunning : locked ? t.beginLocked : t.beginReady}
      </p>
    </section>
  );
}

/** Starts a session, or continues an existing one, for example from another window. */
async function startSession(api: Api, examId: string): Promise<string> {
  try {
    return (await api.post<Session>('/api/sessions', { examId })).id;
  } catch (error) {
    const first =
      error instanceof ApiError && error.code === 'session_exists'
        ? (error.problem['sessionId'] ?? error.problem['ref'])
        : undefined;
    if (typeof first === 'string') return first;
    throw error;
  }
}
