import { useEffect, useState } from 'preact/hooks';
import type { ProofOptions } from '../../protocol/http/second-factors.ts';
import { type Api, send } from './api.ts';
import { ApiError, messageOf } from './api-error.ts';
import { loginText } from './messages/login.ts';
import { PageTitle } from './page-title.tsx';
import { ProofForm } from './proof-form.tsx';

interface SecondStepProps {
  readonly api: Api;
  /** The server's reference of the login whose password was correct. */
  readonly pending: string;
  readonly onDone: () => void;
  /** The login has to start again with the password; `reason` is undefined when the user cancelled. */
  readonly onOver: (reason?: string) => void;
}

/** Asks for the second factor of a login. */
export function SecondStep({ api, pending, onDone, onOver }: SecondStepProps) {
  const [options, setOptions] = useState<ProofOptions>();
  const ask = () => send<ProofOptions>('POST', '/api/auth/second-factor/options', { pending });
  useEffect(() => {
    ask().then(setOptions, (error: unknown) => onOver(messageOf(error)));
  }, [pending]);
  return (
    <section class="card stack narrow">
      <PageTitle>{loginText.secondStep}</PageTitle>
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
