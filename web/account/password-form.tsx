import { useRef, useState } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { NewPasswordField } from '../shared/new-password-field.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

interface PasswordFormProps {
  readonly api: Api;
  readonly email: string;
  /** The password was changed, which ended the other logins. */
  readonly onChanged: () => void;
}

/** Changes the user's own password. */
export function PasswordForm({ api, email, onChanged }: PasswordFormProps) {
  const [done, setDone] = useState(false);
  const { busy, error, run } = useAction();
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: SubmitEvent) => {
    const { currentPassword, newPassword } = formValues(event);
    setDone(false);
    void run(async () => {
      await api.post('/api/auth/password', { currentPassword, newPassword });
      form.current?.reset();
      setDone(true);
      onChanged();
    });
  };
  return (
    <form ref={form} class="card stack" onSubmit={submit}>
      <h2>{t.changePassword}</h2>
      <p class="muted">{t.changePasswordEffect}</p>
      <input type="hidden" name="username" autocomplete="username" value={email} />
      <Field
        label={t.currentPassword}
        name="currentPassword"
        type="password"
        autocomplete="current-password"
        required
        maxLength={1024}
      />
      <NewPasswordField label={t.newPassword} name="newPassword" />
      <Problem>{error}</Problem>
      {done && (
        <p class="note good" role="status">
          {t.passwordChanged}
        </p>
      )}
      <p>
        <button class="primary" disabled={busy}>
          {t.changePassword}
        </button>
      </p>
    </form>
  );
}
