import { useMemo, useState } from 'preact/hooks';
import { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { NewPasswordField } from '../shared/new-password-field.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { at } from '../shared/base-path.ts';

/** Creates the first administrator with the token of the one-time link. */
export function Setup({ token }: { readonly token: string }) {
  const api = useMemo(() => new Api(), []);
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  if (done) {
    return (
      <section class="card stack narrow">
        <h1>{t.doneTitle}</h1>
        <p>{t.done}</p>
        <p>{t.next}</p>
        <a class="button primary" href={at('/admin')}>
          {t.openAdministration}
        </a>
      </section>
    );
  }
  if (!token) {
    return (
      <section class="card stack narrow">
        <h1>{t.linkTitle}</h1>
        <p>{t.link}</p>
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
      <h1>{t.title}</h1>
      <Field label={t.name} name="name" autocomplete="name" maxLength={200} />
      <Field label={t.email} name="email" type="email" autocomplete="username" required maxLength={254} />
      <NewPasswordField />
      <Problem>{error}</Problem>
      <button class="primary" disabled={busy}>
        {t.create}
      </button>
    </form>
  );
}
