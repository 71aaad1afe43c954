import { useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { StepUpDialog } from '../shared/step-up-dialog.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { Factors } from './factors.tsx';
import { Logins } from './logins.tsx';
import { PasswordForm } from './password-form.tsx';

/** One's own account: password, second factors, logins. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  return (
    <>
      <TopBar title="Account" user={user} onSignOut={() => void api.signOut()}>
        {user && (
          <a href={user.role === 'student' ? '/exam' : '/console'}>{user.role === 'student' ? 'Exams' : 'Console'}</a>
        )}
      </TopBar>
      <main>
        {user ? <Account key={user.id} api={api} user={user} /> : <Login api={api} title="Log in to your account" />}
      </main>
      <StepUpDialog api={api} />
    </>
  );
}

const ROLES: Readonly<Record<User['role'], string>> = { student: 'Student', proctor: 'Proctor', admin: 'Admin' };

function Account({ api, user }: { readonly api: Api; readonly user: User }) {
  const [passwordChanges, setPasswordChanges] = useState(0);
  return (
    <div class="account">
      <section class="card stack">
        <h1>Your account</h1>
        <dl class="facts">
          <dt>Name</dt>
          <dd>{user.name}</dd>
          <dt>E-mail</dt>
          <dd>{user.email}</dd>
          <dt>Role</dt>
          <dd>{ROLES[user.role]}</dd>
        </dl>
      </section>
      <Factors api={api} />
      <PasswordForm api={api} email={user.email} onChanged={() => setPasswordChanges((count) => count + 1)} />
      {/* Asked for again after each change, which ends the other logins. */}
      <Logins key={passwordChanges} api={api} />
    </div>
  );
}
