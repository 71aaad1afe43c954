import { useEffect, useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { Field, formValues, Problem } from './field.tsx';
import { useAction } from './use-action.ts';

interface LoginProps {
  readonly api: Api;
  readonly title: string;
  /** Students may register themselves; staff are created by an admin. */
  readonly mayRegister?: boolean;
  readonly onDone?: () => void;
}

/** Whether the server lets people make accounts for themselves; false until it is known. */
function useSelfRegistration(asked: boolean): boolean {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!asked) return;
    fetch('/health')
      .then((answer) => answer.json())
      .then(({ selfRegistration }: { selfRegistration?: string }) => setOpen(selfRegistration === 'on'))
      .catch(() => {});
  }, [asked]);
  return open;
}

export function Login({ api, title, mayRegister = false, onDone }: LoginProps) {
  const [registering, setRegistering] = useState(false);
  const open = useSelfRegistration(mayRegister);
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { name, ...body } = formValues(event);
    void run(async () => {
      await api.signIn(registering ? '/api/auth/register' : '/api/auth/login', name ? { ...body, name } : body);
      onDone?.();
    });
  };
  return (
    <form class="card stack narrow" onSubmit={submit}>
      <h1>{registering ? 'Register' : title}</h1>
      {registering && <Field label="Name" name="name" autocomplete="name" required maxLength={200} />}
      <Field label="E-mail" name="email" type="email" autocomplete="username" required maxLength={254} />
      {registering ? (
        <Field label="Password" hint="At least 8 characters" name="password" type="password" autocomplete="new-password" required minLength={8} />
      ) : (
        <Field label="Password" name="password" type="password" autocomplete="current-password" required />
      )}
      <Problem>{error}</Problem>
      <button class="primary" disabled={busy}>
        {registering ? 'Register' : 'Log in'}
      </button>
      {open && (
        <p class="small">
          {registering ? 'You have an account? ' : 'No account yet? '}
          <button type="button" class="link" onClick={() => setRegistering(!registering)}>
            {registering ? 'Log in' : 'Register as a student'}
          </button>
        </p>
      )}
    </form>
  );
}
