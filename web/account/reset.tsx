import { useState } from 'preact/hooks';
import { send } from '../shared/api.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { loginText } from '../shared/messages/login.ts';
import { NewPasswordField } from '../shared/new-password-field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { at } from '../shared/base-path.ts';

/** Sets the password with the token of a one-time link. */
export function Reset({ token }: { readonly token: string }) {
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  if (done) {
    return (
      <section class="card stack narrow">
        <PageTitle>{t.resetDoneTitle}</PageTitle>
        <p>{t.resetDone}</p>
        <a class="button primary" href={at('/account')}>
          {loginText.logIn}
        </a>
      </section>
    );
  }
  const submit = (event: SubmitEvent) => {
    const { newPassword } = formValues(event);
    void run(async () => {
      await send('POST', '/api/auth/reset', { token, newPassword });
      setDone(true);
    });
  };
  return (
    <form class="card stack narrow" onSubmit={submit}>
      <h1>{t.resetTitle}</h1>
      <NewPasswordField label={t.newPassword} name="newPassword" />
      <Problem>{error}</Problem>
      <button class="primary" disabled={busy}>
        {t.setPassword}
      </button>
    </form>
  );
}
