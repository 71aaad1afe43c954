import { useState } from 'preact/hooks';
import type { Role } from '../../protocol/http/accounts.ts';
import type { LinkAccount } from '../../protocol/http/passwords.ts';
import { send } from '../shared/api.ts';
import { at } from '../shared/base-path.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { NewPasswordField } from '../shared/new-password-field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { rememberAddress } from '../shared/login-store.ts';
import { useAction } from '../shared/use-action.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { t } from './messages.ts';

/** First page of a role. */
const PAGES: Readonly<Record<Role, '/exam' | '/console' | '/admin'>> = {
  student: '/exam',
  proctor: '/console',
  reviewer: '/console',
  manager: '/admin',
  admin: '/admin',
};

/** Sets the password with the token of a one-time link: the first one of an invitation, or another. */
export function Reset({ token }: { readonly token: string }) {
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  const { value: account, error: refused } = useLoaded(
    () => send<LinkAccount>('POST', '/api/auth/reset/account', { token }),
    [token],
  );
  if (!account) {
    if (!refused) return <p class="muted">{common.loading}</p>;
    return (
      <section class="card stack narrow">
        <h1>{t.resetTitle}</h1>
        <Problem>{refused}</Problem>
        <p>{t.linkClosed}</p>
      </section>
    );
  }
  const { name, email, role, passwordSet } = account;
  if (done) {
    const page = PAGES[role];
    return (
      <section class="card stack narrow">
        <PageTitle>{t.resetDoneTitle}</PageTitle>
        <p>{passwordSet ? t.resetDone : t.firstDone(email)}</p>
        <a class="button primary" href={at(page)}>
          {t.goTo[page]}
        </a>
      </section>
    );
  }
  const submit = (event: SubmitEvent) => {
    const { newPassword } = formValues(event);
    void run(async () => {
      await send('POST', '/api/auth/reset', { token, newPassword });
      rememberAddress(email);
      setDone(true);
    });
  };
  return (
    <form class="card stack narrow" onSubmit={submit}>
      <h1>{passwordSet ? t.resetTitle : t.welcome(name || email)}</h1>
      <p>{passwordSet ? t.resetFor(email) : t.firstFor(email)}</p>
      {/* For password managers. */}
      <input type="email" name="email" autocomplete="username" value={email} readOnly hidden />
      <NewPasswordField label={t.newPassword} name="newPassword" />
      <Problem>{error}</Problem>
      <button class="primary" disabled={busy}>
        {t.setPassword}
      </button>
    </form>
  );
}
