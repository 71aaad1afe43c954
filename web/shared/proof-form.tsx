import { useState } from 'preact/hooks';
import type { ProofMethod, ProofOptions } from '../../protocol/http/second-factors.ts';
import { Field, formValues, Problem } from './field.tsx';
import { askPasskey, passkeysWork } from './passkeys.ts';
import { useAction } from './use-action.ts';

/** What the server is told: one of `code`, `recoveryCode`, `passkey` and `password`. */
export type Proof = Readonly<Record<string, unknown>>;

interface ProofFormProps {
  /** Asked anew for each passkey: its challenge counts once. */
  readonly options: ProofOptions;
  readonly refresh: () => Promise<ProofOptions>;
  readonly prove: (proof: Proof) => Promise<void>;
  readonly onCancel: () => void;
}

const OTHER: Readonly<Record<ProofMethod, string>> = {
  passkey: 'Use a passkey',
  totp: 'Use a code of the authenticator app',
  recovery: 'Use a recovery code',
  password: 'Use the password',
};

/** Asks for a second factor in whichever of the ways there are. */
export function ProofForm({ options, refresh, prove, onCancel }: ProofFormProps) {
  const methods = options.methods.filter((method) => method !== 'passkey' || passkeysWork());
  const [method, setMethod] = useState<ProofMethod>(methods[0] ?? 'recovery');
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const values = formValues(event);
    void run(async () => {
      if (method === 'passkey') {
        const { passkey } = await refresh();
        if (!passkey) throw new Error('No passkey of yours works on this page.');
        await prove({ passkey: await askPasskey(passkey) });
      } else if (method === 'totp') await prove({ code: (values['code'] ?? '').replaceAll(' ', '') });
      else if (method === 'recovery') await prove({ recoveryCode: values['recoveryCode'] });
      else await prove({ password: values['password'] });
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      {method === 'passkey' && <p>Your browser asks for a passkey of this account.</p>}
      {method === 'totp' && (
        <Field
          key="totp"
          label="Code"
          hint="6 digits, as your authenticator app shows them now"
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
          label="Recovery code"
          hint="Each works once"
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
          label="Password"
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
          {method === 'passkey' ? 'Use a passkey' : 'Confirm'}
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
      {methods.length > 1 && (
        <ul class="plain small stack-small">
          {methods
            .filter((other) => other !== method)
            .map((other) => (
              <li key={other}>
                <button type="button" class="link" onClick={() => setMethod(other)}>
                  {OTHER[other]}
                </button>
              </li>
            ))}
        </ul>
      )}
    </form>
  );
}
