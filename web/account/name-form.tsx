import { useState } from 'preact/hooks';
import type { Me, User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { useLoaded } from '../shared/use-loaded.ts';
import { t } from './messages.ts';

interface NameFormProps {
  readonly api: Api;
  readonly user: User;
}

/** Address and role of the user, and their name, which they can change unless it identifies a student in exams. */
export function NameForm({ api, user }: NameFormProps) {
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  const fixed = useLoaded(() => api.get<Me>('/api/auth/me'), [api]).value?.nameFixed === true;
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
        {fixed && (
          <>
            <dt>{t.name}</dt>
            <dd>{user.name}</dd>
          </>
        )}
      </dl>
      {fixed ? <p class="small muted">{t.nameFixed}</p> : null}
      {!fixed && (
        <Field label={t.name} name="name" autocomplete="name" required maxLength={200} defaultValue={user.name} />
      )}
      <Problem>{error}</Problem>
      {done && (
        <p class="note good" role="status">
          {t.nameChanged}
        </p>
      )}
      {!fixed && (
        <p>
          <button class="primary" disabled={busy}>
            {t.changeName}
          </button>
        </p>
      )}
    </form>
  );
}
