import { useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { Login } from '../shared/login.tsx';
import { StepUpDialog } from '../shared/step-up-dialog.tsx';
import { TopBar } from '../shared/top-bar.tsx';
import { useUser } from '../shared/use-user.ts';
import { Factors } from './factors.tsx';
import { Logins } from './logins.tsx';
import { t } from './messages.ts';
import { NameForm } from './name-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { at } from '../shared/base-path.ts';

/** The user's own account: name, password, second factors, logins. */
export function App({ api }: { readonly api: Api }) {
  const user = useUser(api);
  return (
    <>
      <TopBar title={t.page} user={user} onSignOut={() => void api.signOut()}>
        {user && (
          <a href={at(user.role === 'student' ? '/exam' : '/console')}>
            {user.role === 'student' ? t.exams : t.console}
          </a>
        )}
      </TopBar>
      <main>{user ? <Account key={user.id} api={api} user={user} /> : <Login api={api} title={t.loginTitle} />}</main>
      <StepUpDialog api={api} />
    </>
  );
}

function Account({ api, user }: { readonly api: Api; readonly user: User }) {
  const [passwordChanges, setPasswordChanges] = useState(0);
  return (
    <div class="account">
      <NameForm api={api} user={user} />
      <Factors api={api} />
      <PasswordForm api={api} email={user.email} onChanged={() => setPasswordChanges((count) => count + 1)} />
      {/* Loaded again after a password change, which ends the other logins. */}
      <Logins key={passwordChanges} api={api} />
    </div>
  );
}
