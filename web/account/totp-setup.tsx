import { useEffect, useState } from 'preact/hooks';
import type { AddedFactor, TotpSetup } from '../../protocol/http/second-factors.ts';
import type { Api } from '../shared/api.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { QrCode } from './qr-code.tsx';

interface TotpSetupFormProps {
  readonly api: Api;
  readonly onAdded: (added: AddedFactor) => Promise<void>;
  readonly onCancel: () => void;
}

/** In groups of four, easier to type. */
const grouped = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** Shows a secret for an authenticator app and confirms it with a first code. */
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
          <button onClick={onCancel}>{common.back}</button>
        </p>
      </div>
    ) : (
      <p class="muted">{common.loading}</p>
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
      <h3>{t.addApp}</h3>
      <p>{t.appInstructions}</p>
      <QrCode text={setup.uri} label={t.appQrCode} />
      <p>
        {t.appKey} <span class="code">{grouped(setup.secret)}</span>
      </p>
      <Field
        label={t.code}
        hint={t.codeHint}
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
          {t.confirm}
        </button>
        <button type="button" onClick={onCancel}>
          {common.cancel}
        </button>
      </p>
    </form>
  );
}
