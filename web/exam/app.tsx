import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import { Login } from '../shared/login.tsx';
import type { Api } from '../shared/api.ts';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { CameraStep } from './camera-step.tsx';
import { CheckIn } from './check-in/check-in.tsx';
import { ExamList } from './exam-list.tsx';
import { Consent } from './consent.tsx';
import { t } from './messages.ts';
import { Record } from './record.tsx';
import { ResumeExam } from './resume-exam.tsx';
import { hrefOf, parseRoute, type Route } from './route.ts';
import { RunningExam } from './running-exam.tsx';
import { at } from '../shared/base-path.ts';

type Step =
  | { readonly at: 'list' }
  | { readonly at: 'consent' | 'camera'; readonly exam: AvailableExam }
  | {
      readonly at: 'check-in';
      readonly exam: AvailableExam;
      /** The student has just agreed to it. */
      readonly agreed: boolean;
    }
  | {
      readonly at: 'running';
      readonly exam: AvailableExam;
      readonly sessionId: string;
      readonly camera: MediaStream | undefined;
      /** The exam was started before this page was opened. */
      readonly resumed: boolean;
    };

/** The student's steps: log in, choose an exam, consent, check in where it asks for that, check the camera, take the exam. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  const [step, setStep] = useState<Step>({ at: 'list' });
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const turn = () => {
      setRoute(parseRoute(location.hash));
      // A link leaves an exam that has ended; a running one is not left by navigation.
      setStep((now) => (now.at === 'running' ? now : { at: 'list' }));
    };
    // The address may have changed since this was drawn.
    if (hrefOf(parseRoute(location.hash)) !== hrefOf(route)) turn();
    addEventListener('hashchange', turn);
    return () => removeEventListener('hashchange', turn);
  }, []);
  /** Without an entry in the history: going back must not lead into an exam that is over. */
  const go = (to: Route) => {
    history.replaceState(null, '', hrefOf(to));
    setRoute(to);
  };
  const toList = () => {
    go({ page: 'exams' });
    setStep({ at: 'list' });
  };
  const run = (exam: AvailableExam, sessionId: string, camera: MediaStream | undefined, resumed: boolean) => {
    go({ page: 'exam', exam: exam.id });
    setStep({ at: 'running', exam, sessionId, camera, resumed });
  };
  /** The address of the exam: after a reload the check-in goes on. */
  const checkIn = (exam: AvailableExam, agreed: boolean) => {
    go({ page: 'exam', exam: exam.id });
    setStep({ at: 'check-in', exam, agreed });
  };
  const choose = (exam: AvailableExam) => {
    // A student who returns to a running exam, or to a check-in, has already agreed.
    if (exam.runningSessionId !== null) setStep({ at: 'camera', exam });
    else if (typeof exam.checkIn?.state === 'string') checkIn(exam, false);
    else setStep({ at: 'consent', exam });
  };
  const signOut = () => {
    toList();
    void api.signOut();
  };
  return (
    <>
      <TopBar title={t.page} {...(step.at === 'running' ? {} : { user, onSignOut: signOut, guide: 'students' })} />
      <main>
        {step.at === 'running' ? (
          // Stays when the login expires: it prompts for a new login and keeps its unsent events.
          <RunningExam
            api={api}
            title={step.exam.title}
            isTrial={step.exam.openTo === 'all'}
            sessionId={step.sessionId}
            camera={step.camera}
            resumed={step.resumed}
            onLeave={toList}
          />
        ) : !user ? (
          <div class="stack">
            <Login api={api} title={t.loginTitle} mayRegister />
            <p class="narrow small">
              <a href={at('/system-check')}>{t.checkSetup}</a> {t.checkSetupNote}
            </p>
          </div>
        ) : route.page === 'record' ? (
          <Record api={api} sessionId={route.session} />
        ) : route.page === 'exam' && step.at === 'list' ? (
          <ResumeExam
            api={api}
            examId={route.exam}
            onRunning={(exam, sessionId) => run(exam, sessionId, undefined, true)}
            onCheckIn={(exam) => checkIn(exam, false)}
            onOther={toList}
          />
        ) : step.at === 'list' ? (
          <ExamList api={api} onChoose={choose} />
        ) : step.at === 'consent' ? (
          <Consent
            api={api}
            exam={step.exam}
            onBack={toList}
            onAgree={() => (step.exam.checkIn ? checkIn(step.exam, true) : setStep({ at: 'camera', exam: step.exam }))}
          />
        ) : step.at === 'check-in' ? (
          <CheckIn
            api={api}
            exam={step.exam}
            agreed={step.agreed}
            onBack={toList}
            onCamera={(exam) => setStep({ at: 'camera', exam })}
            onStart={(exam, sessionId, camera) => run(exam, sessionId, camera, false)}
          />
        ) : (
          <CameraStep
            api={api}
            exam={step.exam}
            onBack={toList}
            onStart={(sessionId, camera) => run(step.exam, sessionId, camera, step.exam.runningSessionId !== null)}
          />
        )}
      </main>
    </>
  );
}
