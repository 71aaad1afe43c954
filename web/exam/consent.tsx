import { useEffect, useState } from 'preact/hooks';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../shared/api.ts';
import { ApiError, messageOf } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { CameraView } from './camera-view.tsx';
import { openCamera, stopCamera } from './camera.ts';

interface ConsentProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onBack: () => void;
  readonly onStart: (sessionId: string, camera: MediaStream | undefined) => void;
}

/** Says what will be recorded before anything is, and starts the session after that. */
export function Consent({ api, exam, onBack, onStart }: ConsentProps) {
  const [camera, setCamera] = useState<MediaStream>();
  const [cameraFault, setCameraFault] = useState<string>();
  const [agreed, setAgreed] = useState(false);
  const { busy, error, run } = useAction();
  const turnOn = () =>
    void openCamera().then(
      (stream) => (setCamera(stream), setCameraFault(undefined)),
      (fault: unknown) => setCameraFault(messageOf(fault)),
    );
  const back = () => {
    stopCamera(camera);
    onBack();
  };
  const start = () => void run(async () => onStart(await startSession(api, exam.id), camera));
  useEffect(() => scrollTo(0, 0), []);
  return (
    <section class="middle stack">
      <h1>{exam.title}</h1>
      <div class="card stack">
        <h2>What is recorded</h2>
        <ul class="terms">
          <li>
            <b>Camera pictures</b>, {exam.policy.frames.sendFps} a second at most. They are looked at on the exam's own server: how many faces there
            are, and which way the head and the eyes are turned. No feelings are guessed, and nobody is recognised by their face.
          </li>
          <li>
            <b>What happens in this browser window</b>: leaving the tab, the window or full screen, copying and pasting (that it happened and how much,
            never what), the context menu.
          </li>
          <li>
            <b>Your connection</b>: when it was lost and when it came back. Losing it does not count against you.
          </li>
        </ul>
        <p>
          It is kept for {exam.policy.retentionDays} days and then deleted. You see everything that is noted, as it is noted. A score only tells
          proctors where to look first: <b>every decision is made by a person</b>, and can be explained to you.
        </p>
      </div>
      <div class="card stack">
        <h2>Your camera</h2>
        {camera ? (
          <CameraView stream={camera} />
        ) : (
          <p>
            <button onClick={turnOn}>Turn the camera on</button>
          </p>
        )}
        <Problem>{cameraFault}</Problem>
        {camera && <p class="muted small">Sit so that your whole face is in the picture, with light from the front.</p>}
      </div>
      <label class="check">
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
        <span>I have read what is recorded, and want to begin.</span>
      </label>
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={!agreed || !camera || busy} onClick={start}>
          Begin the exam
        </button>
        <button onClick={back}>Back</button>
      </div>
    </section>
  );
}

/** A session that was begun before, for example before a reload, is continued. */
async function startSession(api: Api, examId: string): Promise<string> {
  try {
    return (await api.post<Session>('/api/sessions', { examId })).id;
  } catch (error) {
    const first = error instanceof ApiError && error.code === 'session_exists' ? (error.problem['sessionId'] ?? error.problem['ref']) : undefined;
    if (typeof first === 'string') return first;
    throw error;
  }
}
