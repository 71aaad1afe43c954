import { useEffect, useState } from 'preact/hooks';
import type { ProofOptions } from '../../protocol/http/second-factors.ts';
import type { Api } from './api.ts';
import { Dialog } from './dialog.tsx';
import { ProofForm } from './proof-form.tsx';

interface Asked {
  readonly options: ProofOptions;
  /** True: it was proven, and what was refused is sent again. */
  readonly settle: (proven: boolean) => void;
}

/**
 * On a page where something may be refused until a second factor was proven again: asks for it, and the request goes
 * on.
 */
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
    <Dialog title="Confirm that it is you" onClose={() => asked.settle(false)}>
      <p>This is asked again for what matters most, and holds for 10 minutes.</p>
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
