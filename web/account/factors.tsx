import { useEffect, useState } from 'preact/hooks';
import type { AddedFactor, SecondFactorList } from '../../protocol/http/second-factors.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { makePasskey, passkeysWork } from '../shared/passkeys.ts';
import { useAction } from '../shared/use-action.ts';
import { FactorItem } from './factor-item.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetupForm } from './totp-setup.tsx';

/** Second factors of one's own account: what there is, and what can be added. */
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
          name: `Passkey of ${new Date().toLocaleDateString('en-GB')}`,
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
    return <section class="card stack">{error ? <Problem>{error}</Problem> : <p class="muted">Loading …</p>}</section>;
  const none = list.items.length === 0;
  return (
    <section class="card stack" aria-labelledby="factors">
      <h2 id="factors">Second factors</h2>
      {none && list.required && (
        <p class="note warn" role="status">
          Your role needs one: nothing else works before you have added it.
        </p>
      )}
      {none ? (
        <p class="muted">None. With one, nobody logs in as you who only knows your password.</p>
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
        <p class="row">
          <button class={none ? 'primary' : ''} disabled={busy} onClick={() => setAdding(true)}>
            Add an authenticator app
          </button>
          {passkeysWork() && (
            <button disabled={busy} onClick={() => void addPasskey()}>
              Add a passkey
            </button>
          )}
        </p>
      )}
      {!passkeysWork() && (
        <p class="small muted">
          Passkeys need a browser that has them, and this page opened by a host name over https (or localhost).
        </p>
      )}
      {!none && (
        <p class="row between">
          <span>
            {list.recoveryCodes} of 10 recovery codes left{list.recoveryCodes < 3 ? ': make new ones' : ''}
          </span>
          <button class="small" disabled={busy} onClick={() => void renew()}>
            Make new recovery codes
          </button>
        </p>
      )}
      <Problem>{error}</Problem>
    </section>
  );
}
