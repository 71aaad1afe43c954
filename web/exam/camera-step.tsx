import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { CameraCheck } from '../camera/camera-check.tsx';
import { useCamera } from '../camera/use-camera.ts';
import { useLiveCheck } from '../camera/use-live-check.ts';
import type { Api } from '../shared/api.ts';
import { ApiError } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { useAction } from '../shared/use-action.ts';

interface CameraStepProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  readonly onBack: () => void;
  readonly onStart: (sessionId: string, camera: MediaStream | undefined) => void;
}

/**
 * The camera is tried before the exam's time runs. Begin is locked until a face is seen, or until the server has no
 * word in it.
 */
export function CameraStep({ api, exam, onBack, onStart }: CameraStepProps) {
  const camera = useCamera();
  const { check, gate } = useLiveCheck(camera.state.at === 'live' ? camera.state.stream : undefined);
  const { busy, error, run } = useAction();
  // The time of a running exam runs: whoever was thrown out of it goes on at once, and what is missing is noted as
  // such.
  const running = exam.runningSessionId;
  const locked = running === null && !(camera.state.at === 'live' && gate.open);
  const start = () => void run(async () => onStart(running ?? (await startSession(api, exam.id)), camera.take()));
  return (
    <section class="middle stack">
      <PageTitle>{exam.title}</PageTitle>
      <CameraCheck camera={camera} check={check} gate={gate} />
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={locked || busy} aria-describedby="begin-note" onClick={start}>
          {running === null ? 'Begin the exam' : 'Go on with the exam'}
        </button>
        <button onClick={onBack}>Back</button>
        <a class="small" href="/system-check" target="_blank" rel="noopener">
          Check the whole system
        </a>
      </div>
      <p id="begin-note" class="muted small" role="status">
        {running !== null
          ? 'Your exam is running: you can go on at once, also without the camera. That it is missing is noted.'
          : locked
            ? 'You can begin as soon as your face is seen. The time of the exam has not begun.'
            : 'Ready. The time of the exam begins with the button.'}
      </p>
    </section>
  );
}

/** A session that was begun before, for example in another window, is continued. */
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
