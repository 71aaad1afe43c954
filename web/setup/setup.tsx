import { useMemo, useState } from 'preact/hooks';
import { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { NewPasswordField } from '../shared/new-password-field.tsx';
import { useAction } from '../shared/use-action.ts';

/** Creates the first admin with the token of the one-time link. */
export function Setup({ token }: { readonly token: string }) {
  const api = useMemo(() => new Api(), []);
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  if (done) {
    return (
      <section class="card stack narrow">
        <h1>The server is set up</h1>
        <p>You are logged in as its first admin. The link that brought you here no longer works.</p>
        <a class="button primary" href="/console">
          Open the console
        </a>
      </section>
    );
  }
  if (!token) {
    return (
      <section class="card stack narrow">
        <h1>This page needs its link</h1>
        <p>
          A server without an admin prints a link to this page once, when it starts. Open that link as it stands, with
          all that follows the # sign.
        </p>
      </section>
    );
  }
  const submit = (event: SubmitEvent) => {
    const { name, ...body } = formValues(event);
    void run(async () => {
      await api.signIn('/api/setup', name ? { ...body, token, name } : { ...body, token });
      setDone(true);
    });
  };
  return (
    <form class="card stack narrow" onSubmit={submit}>
      <h1>Create the first admin</h1>
      <Field label="Name" name="name" autocomplete="name" maxLength={200} />
      <Field label="E-mail" name="email" type="email" autocomplete="username" required maxLength={254} />
      <NewPasswordField />
      <Problem>{error}</Problem>
      <button class="primary" disabled={busy}>
        Create
      </button>
    </form>
  );
}
