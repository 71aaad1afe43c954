import { useState } from 'preact/hooks';
import type { ProofMethod, ProofOptions } from '../../protocol/http/second-factors.ts';
import { Field, formValues, Problem } from './field.tsx';
import { common } from './messages/common.ts';
import { loginText } from './messages/login.ts';
import { askPasskey, passkeysWork } from './passkeys.ts';
import { useAction } from './use-action.ts';

/** Body of the proof: one of `code`, `recoveryCode`, `passkey` and `password`. */
type Proof = Readonly<Record<string, unknown>>;

interface ProofFormProps {
  readonly options: ProofOptions;
  /** Fetches new options for each passkey, as a challenge can be used only once. */
  readonly refresh: () => Promise<ProofOptions>;
  readonly prove: (proof: Proof) => Promise<void>;
  readonly onCancel: () => void;
}

/** Asks for one of the available second factors. */
export function ProofForm({ options, refresh, prove, onCancel }: ProofFormProps) {
  const methods = options.methods.filter((method) => method !== 'passkey' || passkeysWork());
  const [method, setMethod] = useState<ProofMethod>(methods[0] ?? 'recovery');
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const values = formValues(event);
    void run(async () => {
      if (method === 'passkey') {
        const { passkey } = await refresh();
        if (!passkey) throw new Error(loginText.noUsablePasskey);
        await prove({ passkey: await askPasskey(passkey) });
      } else if (method === 'totp') await prove({ code: (values['code'] ?? '').replaceAll(' ', '') });
      else if (method === 'recovery') await prove({ recoveryCode: values['recoveryCode'] });
      else await prove({ password: values['password'] });
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      {method === 'passkey' && <p>{loginText.passkeyPrompt}</p>}
      {method === 'totp' && (
        <Field
          key="totp"
          label={loginText.code}
          hint={loginText.codeHint}
          name="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9 ]*"
          required
          maxLength={9}
          autoFocus
        />
      )}
      {method === 'recovery' && (
        <Field
          key="recovery"
          label={loginText.recoveryCode}
          hint={loginText.recoveryCodeHint}
          name="recoveryCode"
          autocomplete="off"
          spellcheck={false}
          required
          maxLength={64}
          autoFocus
        />
      )}
      {method === 'password' && (
        <Field
          key="password"
          label={loginText.password}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          autoFocus
        />
      )}
      <Problem>{error}</Problem>
      <p class="row">
        <button class="primary" disabled={busy}>
          {method === 'passkey' ? loginText.useMethod.passkey : loginText.confirm}
        </button>
        <button type="button" onClick={onCancel}>
          {common.cancel}
        </button>
      </p>
      {methods.length > 1 && (
        <ul class="plain small stack-small">
          {methods
            .filter((other) => other !== method)
            .map((other) => (
              <li key={other}>
                <button type="button" class="link" onClick={() => setMethod(other)}>
                  {loginText.useMethod[other]}
                </button>
              </li>
            ))}
        </ul>
      )}
    </form>
  );
}
