import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import { Login } from '../shared/login.tsx';
import type { Api } from '../shared/api.ts';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { CameraStep } from './camera-step.tsx';
import { ExamList } from './exam-list.tsx';
import { Notice } from './notice.tsx';
import { Record } from './record.tsx';
import { parseRoute } from './route.ts';
import { Sitting } from './sitting.tsx';

type Step =
  | { readonly at: 'list' }
  | { readonly at: 'notice' | 'camera'; readonly exam: AvailableExam }
  | {
      readonly at: 'sitting';
      readonly exam: AvailableExam;
      readonly sessionId: string;
      readonly camera: MediaStream | undefined;
    };

/** The student's way: log in, choose, agree, try the camera, sit. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  const [step, setStep] = useState<Step>({ at: 'list' });
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const turn = () => {
      setRoute(parseRoute(location.hash));
      // A link leads away from a sitting that is over; one that runs is not left by an address.
      setStep((now) => (now.at === 'sitting' ? now : { at: 'list' }));
    };
    addEventListener('hashchange', turn);
    return () => removeEventListener('hashchange', turn);
  }, []);
  const toList = () => setStep({ at: 'list' });
  const signOut = () => {
    toList();
    void api.signOut();
  };
  return (
    <>
      <TopBar title="Exam" {...(step.at === 'sitting' ? {} : { user, onSignOut: signOut })} />
      <main>
        {step.at === 'sitting' ? (
          // Stays when the login ends: the sitting says so itself, and keeps what it has not handed over.
          <Sitting
            api={api}
            title={step.exam.title}
            sessionId={step.sessionId}
            camera={step.camera}
            resumed={step.exam.runningSessionId !== null}
            onLeave={toList}
          />
        ) : !user ? (
          <div class="stack">
            <Login api={api} title="Log in to your exam" mayRegister />
            <p class="narrow small">
              Not sure whether everything works? <a href="/system-check">Check your camera and connection</a>, without
              an account.
            </p>
          </div>
        ) : route.page === 'record' ? (
          <Record api={api} sessionId={route.session} />
        ) : step.at === 'list' ? (
          // Whoever was thrown out of a running exam has agreed to it, and is not made to read again.
          <ExamList
            api={api}
            onChoose={(exam) => setStep({ at: exam.runningSessionId === null ? 'notice' : 'camera', exam })}
          />
        ) : step.at === 'notice' ? (
          <Notice
            api={api}
            exam={step.exam}
            onBack={toList}
            onAgree={() => setStep({ at: 'camera', exam: step.exam })}
          />
        ) : (
          <CameraStep
            api={api}
            exam={step.exam}
            onBack={toList}
            onStart={(sessionId, camera) => setStep({ at: 'sitting', exam: step.exam, sessionId, camera })}
          />
        )}
      </main>
    </>
  );
}
