import { useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { Field, formValues, Problem } from './field.tsx';
import { rememberedAddress } from './login-store.ts';
import { loginText } from './messages/login.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { SecondStep } from './second-step.tsx';
import { useAction } from './use-action.ts';
import { useSwitch } from './use-switch.ts';

interface LoginProps {
  readonly api: Api;
  readonly title: string;
  /** Students may register themselves; staff accounts are created by an admin. */
  readonly mayRegister?: boolean;
  /** Fills in the address. */
  readonly email?: string | undefined;
  readonly onDone?: () => void;
}

export function Login({ api, title, mayRegister = false, email, onDone }: LoginProps) {
  const [registering, setRegistering] = useState(false);
  const open = useSwitch('selfRegistration', mayRegister);
  /** Reference of a login whose password was correct and whose second factor is due. */
  const [pending, setPending] = useState<string>();
  const [over, setOver] = useState<string>();
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { name, ...body } = formValues(event);
    void run(async () => {
      setOver(undefined);
      try {
        await api.signIn(registering ? '/api/auth/register' : '/api/auth/login', name ? { ...body, name } : body);
      } catch (fault) {
        if (!(fault instanceof ApiError) || fault.code !== 'second_factor_required') throw fault;
        setPending(String(fault.problem['ref']));
        return;
      }
      onDone?.();
    });
  };
  if (pending) {
    const leave = (reason?: string) => {
      setPending(undefined);
      setOver(reason);
    };
    return <SecondStep api={api} pending={pending} onDone={() => onDone?.()} onOver={leave} />;
  }
  return (
    <form class="card stack narrow" onSubmit={submit}>
      <h1>{registering ? loginText.register : title}</h1>
      {registering && <Field label={loginText.name} name="name" autocomplete="name" required maxLength={200} />}
      <Field
        label={loginText.email}
        name="email"
        type="email"
        autocomplete="username"
        required
        maxLength={254}
        defaultValue={email ?? rememberedAddress()}
      />
      {registering ? (
        <NewPasswordField />
      ) : (
        <Field label={loginText.password} name="password" type="password" autocomplete="current-password" required />
      )}
      <Problem>{error ?? over}</Problem>
      <button class="primary" disabled={busy}>
        {registering ? loginText.register : loginText.logIn}
      </button>
      {open && (
        <p class="small">
          {registering ? loginText.alreadyRegistered : loginText.noAccountYet}{' '}
          <button type="button" class="link" onClick={() => setRegistering(!registering)}>
            {registering ? loginText.logIn : loginText.registerAsStudent}
          </button>
        </p>
      )}
    </form>
  );
}
