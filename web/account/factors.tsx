import { useEffect, useState } from 'preact/hooks';
import type { AddedFactor, SecondFactorList } from '../../protocol/http/second-factors.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { makePasskey, passkeysWork } from '../shared/passkeys.ts';
import { day } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { FactorItem } from './factor-item.tsx';
import { t } from './messages.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetupForm } from './totp-setup.tsx';

/** The account's second factors, forms to add more, and recovery codes. */
export function Factors({ api }: { readonly api: Api }) {
  const [list, setList] = useState<SecondFactorList>();
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const { busy, error, run } = useAction();
  const load = async () => setList(await api.get<SecondFactorList>('/api/auth/second-factors'));
  useEffect(() => void run(load), [api]);

  const added = async ({ recoveryCodes }: AddedFactor) => {
    setAdding(false);
    if (recoveryCodes) setCodes(recoveryCodes);
    await load();
  };
  const addPasskey = () =>
    run(async () => {
      const options = await api.post<Record<string, unknown>>('/api/auth/second-factors/passkey/options');
      const passkey = await makePasskey(options);
      await added(
        await api.post<AddedFactor>('/api/auth/second-factors/passkey', {
          name: t.passkeyName(day(Date.now())),
          passkey,
        }),
      );
    });
  const renew = () =>
    run(async () => {
      setCodes((await api.post<{ recoveryCodes: string[] }>('/api/auth/second-factors/recovery-codes')).recoveryCodes);
      await load();
    });

  if (!list)
    return (
      <section class="card stack">{error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>}</section>
    );
  const none = list.items.length === 0;
  return (
    <section class="card stack" aria-labelledby="factors">
      <h2 id="factors">{t.factors}</h2>
      {none && list.required && (
        <p class="note warn" role="status">
          {t.factorRequired}
        </p>
      )}
      {none ? (
        <p key="none" class="muted">
          {t.noFactors}
        </p>
      ) : (
        <ul class="plain factor-list">
          {list.items.map((factor) => (
            <FactorItem key={factor.id} api={api} factor={factor} last={list.items.length === 1} onChange={load} />
          ))}
        </ul>
      )}
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      {adding ? (
        <TotpSetupForm api={api} onAdded={added} onCancel={() => setAdding(false)} />
      ) : (
        <p key="add" class="row">
          <button class={none ? 'primary' : ''} disabled={busy} onClick={() => setAdding(true)}>
            {t.addApp}
          </button>
          {passkeysWork() && (
            <button disabled={busy} onClick={() => void addPasskey()}>
              {t.addPasskey}
            </button>
          )}
        </p>
      )}
      {!passkeysWork() && <p class="small muted">{t.passkeysUnsupported}</p>}
      {!none && (
        <p class="row between">
          <span>
            {t.recoveryCodesLeft(list.recoveryCodes)}
            {list.recoveryCodes < 3 && `. ${t.recoveryCodesLow}`}
          </span>
          <button class="small" disabled={busy} onClick={() => void renew()}>
            {t.newRecoveryCodes}
          </button>
        </p>
      )}
      <Problem>{error}</Problem>
    </section>
  );
}
