import { useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { Consent } from './consent.tsx';
import { ExamList } from './exam-list.tsx';
import { Sitting } from './sitting.tsx';

type Step = { readonly at: 'list' } | { readonly at: 'consent'; readonly exam: AvailableExam } | { readonly at: 'sitting'; readonly exam: AvailableExam; readonly sessionId: Session['id']; readonly camera: MediaStream | undefined };

/** The student's way: log in, choose, agree, sit. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  const [step, setStep] = useState<Step>({ at: 'list' });
  const signOut = () => {
    setStep({ at: 'list' });
    void api.signOut();
  };
  return (
    <>
      <TopBar title="Exam" {...(step.at === 'sitting' ? {} : { user, onSignOut: signOut })} />
      <main>
        {step.at === 'sitting' ? (
          // Stays when the login ends: the sitting says so itself, and keeps what it has not handed over.
          <Sitting api={api} {...step} onLeave={() => setStep({ at: 'list' })} />
        ) : !user ? (
          <Login api={api} title="Log in to your exam" mayRegister />
        ) : step.at === 'list' ? (
          <ExamList api={api} onChoose={(exam) => setStep({ at: 'consent', exam })} />
        ) : (
          <Consent
            api={api}
            exam={step.exam}
            onBack={() => setStep({ at: 'list' })}
            onStart={(sessionId, camera) => setStep({ at: 'sitting', exam: step.exam, sessionId, camera })}
          />
        )}
      </main>
    </>
  );
}
