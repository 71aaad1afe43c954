import { useEffect, useState } from 'preact/hooks';
import type { ProofOptions } from '../../protocol/http/second-factors.ts';
import { type Api, send } from './api.ts';
import { ApiError, messageOf } from './api-error.ts';
import { PageTitle } from './page-title.tsx';
import { ProofForm } from './proof-form.tsx';

interface SecondStepProps {
  readonly api: Api;
  /** What the server gave for the login whose password was right. */
  readonly pending: string;
  readonly onDone: () => void;
  /** The login has to begin again with the password; the reason, when it was not the person's wish. */
  readonly onOver: (reason?: string) => void;
}

/** The second step of a login. */
export function SecondStep({ api, pending, onDone, onOver }: SecondStepProps) {
  const [options, setOptions] = useState<ProofOptions>();
  const ask = () => send<ProofOptions>('POST', '/api/auth/second-factor/options', { pending });
  useEffect(() => {
    ask().then(setOptions, (error: unknown) => onOver(messageOf(error)));
  }, [pending]);
  return (
    <section class="card stack narrow">
      <PageTitle>Second step</PageTitle>
      {options && (
        <ProofForm
          options={options}
          refresh={ask}
          prove={async (proof) => {
            try {
              await api.signIn('/api/auth/second-factor', { pending, ...proof });
            } catch (error) {
              if (error instanceof ApiError && error.code === 'unauthenticated') return onOver(error.message);
              throw error;
            }
            onDone();
          }}
          onCancel={() => onOver()}
        />
      )}
    </section>
  );
}
