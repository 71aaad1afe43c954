import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam, ExamDetails } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../shared/api.ts';
import { ApiError, messageOf } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { CameraView } from './camera-view.tsx';
import { openCamera, stopCamera } from './camera.ts';
import { examTimes } from './exam-times.ts';
import { Terms } from './terms.tsx';

interface ConsentProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  readonly onBack: () => void;
  readonly onStart: (sessionId: string, camera: MediaStream | undefined) => void;
}

/** Says what will be recorded before anything is, and starts the session after that. */
export function Consent({ api, exam, onBack, onStart }: ConsentProps) {
  const [details, setDetails] = useState<ExamDetails>();
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
  const start = () => void run(async () => onStart(details?.runningSessionId ?? (await startSession(api, exam.id)), camera));
  useEffect(() => {
    scrollTo(0, 0);
    void run(async () => setDetails(await api.get<ExamDetails>(`/api/exams/${exam.id}/details`)));
  }, [api, exam.id]);
  return (
    <section class="middle stack">
      <h1>{exam.title}</h1>
      <p class="muted">{examTimes(details ?? exam)}</p>
      {details ? <Terms details={details} /> : <p class="muted">{busy ? 'Loading …' : ''}</p>}
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
        <button class="primary" disabled={!details || !agreed || !camera || busy} onClick={start}>
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
