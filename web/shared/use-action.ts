import { useState } from 'preact/hooks';
import { messageOf } from './api-error.ts';

export interface Action {
  readonly busy: boolean;
  readonly error: string | undefined;
  /** Runs `work` unless another run is in progress; a thrown error becomes `error`. */
  run(work: () => Promise<void>): Promise<void>;
}

/** State of an action that a button starts. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (fault) {
      setError(messageOf(fault));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run };
}
