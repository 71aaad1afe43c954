import { useState } from 'preact/hooks';
import { send } from '../shared/api.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { NewPasswordField } from '../shared/new-password-field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { useAction } from '../shared/use-action.ts';

/** Sets the password with the token of a one-time link. */
export function Reset({ token }: { readonly token: string }) {
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  if (done) {
    return (
      <section class="card stack narrow">
        <PageTitle>Your password is set</PageTitle>
        <p>Every login of this account has ended. Log in with the new password.</p>
        <a class="button primary" href="/account">
          Log in
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
      <h1>Set a new password</h1>
      <NewPasswordField label="New password" name="newPassword" />
      <Problem>{error}</Problem>
      <button class="primary" disabled={busy}>
        Set the password
      </button>
    </form>
  );
}
