import { useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

interface NameFormProps {
  readonly api: Api;
  readonly user: User;
}

/** Address and role of the user, and their name, which they can change. */
export function NameForm({ api, user }: NameFormProps) {
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { name = '' } = formValues(event);
    setDone(false);
    void run(async () => {
      await api.changeName(name);
      setDone(true);
    });
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <h1>{t.title}</h1>
      <dl class="facts">
        <dt>{t.email}</dt>
        <dd>{user.email}</dd>
        <dt>{t.role}</dt>
        <dd>{t.roles[user.role]}</dd>
      </dl>
      <Field label={t.name} name="name" autocomplete="name" required maxLength={200} defaultValue={user.name} />
      <Problem>{error}</Problem>
      {done && (
        <p class="note good" role="status">
          {t.nameChanged}
        </p>
      )}
      <p>
        <button class="primary" disabled={busy}>
          {t.changeName}
        </button>
      </p>
    </form>
  );
}
