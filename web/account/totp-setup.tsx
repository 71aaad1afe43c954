import { useEffect, useState } from 'preact/hooks';
import type { AddedFactor, TotpSetup } from '../../protocol/http/second-factors.ts';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { QrCode } from './qr-code.tsx';

interface TotpSetupFormProps {
  readonly api: Api;
  readonly onAdded: (added: AddedFactor) => Promise<void>;
  readonly onCancel: () => void;
}

/** In groups of four, to be typed. */
const grouped = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Shows a secret for an authenticator app, and takes its first code. */
export function TotpSetupForm({ api, onAdded, onCancel }: TotpSetupFormProps) {
  const [setup, setSetup] = useState<TotpSetup>();
  const { busy, error, run } = useAction();
  useEffect(
    () => void run(async () => setSetup(await api.post<TotpSetup>('/api/auth/second-factors/totp', {}))),
    [api],
  );
  if (!setup) {
    return error ? (
      <div class="stack">
        <Problem>{error}</Problem>
        <p>
          <button onClick={onCancel}>Back</button>
        </p>
      </div>
    ) : (
      <p class="muted">Loading …</p>
    );
  }
  const submit = (event: SubmitEvent) => {
    const values = formValues(event);
    void run(async () =>
      onAdded(
        await api.post<AddedFactor>(`/api/auth/second-factors/totp/${setup.id}/confirm`, {
          code: (values['code'] ?? '').replaceAll(' ', ''),
        }),
      ),
    );
  };
  return (
    <form class="stack" onSubmit={submit}>
      <h3>Add an authenticator app</h3>
      <p>Scan this with the app, or type the key into it. Then give the code that it shows.</p>
      <QrCode text={setup.uri} label="QR code for the authenticator app" />
      <p>
        Key: <span class="code">{grouped(setup.secret)}</span>
      </p>
      <Field
        label="Code"
        hint="6 digits"
        name="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9 ]*"
        required
        maxLength={9}
      />
      <Problem>{error}</Problem>
      <p class="row">
        <button class="primary" disabled={busy}>
          Confirm
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
