import { useState } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { Exams } from './exams.tsx';
import { Wall } from './wall.tsx';

/** Proctors and admins: log in, choose an exam or all, watch. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  const [exam, setExam] = useState<string>();
  const signOut = () => void api.signOut();
  return (
    <>
      <TopBar title="Proctor console" user={user} onSignOut={signOut} />
      <main>
        {!user ? (
          <Login api={api} title="Log in as a proctor" />
        ) : user.role === 'student' ? (
          <section class="card stack narrow">
            <h1>This page is for proctors</h1>
            <p>You are logged in as a student.</p>
            <p class="row">
              <a class="button primary" href="/exam">
                To your exam
              </a>
              <button onClick={signOut}>Log in as somebody else</button>
            </p>
          </section>
        ) : (
          <div class="stack">
            <Exams api={api} mayCreate={user.role === 'admin'} chosen={exam} onChoose={setExam} />
            <Wall key={`${user.id} ${exam ?? ''}`} api={api} exam={exam} />
          </div>
        )}
      </main>
    </>
  );
}
