import { useEffect, useState } from 'preact/hooks';
import type { ProofOptions } from '../../protocol/http/second-factors.ts';
import type { Api } from './api.ts';
import { Dialog } from './dialog.tsx';
import { loginText } from './messages/login.ts';
import { ProofForm } from './proof-form.tsx';

interface Asked {
  readonly options: ProofOptions;
  /** True: the factor was proven, and the refused request is sent again. */
  readonly settle: (proven: boolean) => void;
}

/** Asks for a second factor when a request is refused for want of a fresh one; the request is then sent again. */
export function StepUpDialog({ api }: { readonly api: Api }) {
  const [asked, setAsked] = useState<Asked>();
  useEffect(
    () =>
      api.onStepUp(async () => {
        const options = await api.post<ProofOptions>('/api/auth/step-up/options');
        return new Promise<boolean>((resolve) => {
          setAsked({
            options,
            settle: (proven) => {
              setAsked(undefined);
              resolve(proven);
            },
          });
        });
      }),
    [api],
  );
  if (!asked) return null;
  return (
    <Dialog title={loginText.confirmIdentity} onClose={() => asked.settle(false)}>
      <p>{loginText.confirmIdentityWhy}</p>
      <ProofForm
        options={asked.options}
        refresh={() => api.post<ProofOptions>('/api/auth/step-up/options')}
        prove={async (proof) => {
          await api.post('/api/auth/step-up', proof);
          asked.settle(true);
        }}
        onCancel={() => asked.settle(false)}
      />
    </Dialog>
  );
}
