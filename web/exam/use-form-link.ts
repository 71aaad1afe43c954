import { useEffect, useMemo, useState } from 'preact/hooks';
import type { InvigilClient } from '../sdk/client.ts';
import { FormLink, type FormState } from './form-link.ts';
import type { SessionView } from './session-view.ts';

export interface FormInUse {
  readonly link: FormLink;
  /** The exam has ended, and the form has had its time to save. */
  readonly over: boolean;
  /** Lets the form save before the student hands in. */
  finishing(): Promise<void>;
  /** The exam did not end: the form goes on. */
  goOn(): void;
}

/** Keeps the embedded form informed about the exam. */
export function useFormLink(client: InvigilClient, view: SessionView): FormInUse {
  const link = useMemo(() => new FormLink(), []);
  const [over, setOver] = useState(false);
  useEffect(() => link.listen(), [link]);
  const ended = view.endReason !== undefined;
  const stateOf = (state: FormState['state']) => ({
    state,
    pauseReason: view.pauseReason,
    deadline: view.deadline,
    remainingMs: client.remainingMs ?? null,
    endReason: state === 'ended' ? (view.endReason ?? 'ended') : null,
  });
  const goOn = () => link.tell(stateOf(view.paused ? 'paused' : 'running'));
  useEffect(() => {
    if (ended) void link.tellAndSave(stateOf('ended')).then(() => setOver(true));
    else goOn();
  }, [link, ended, view.paused, view.pauseReason, view.deadline]);
  return { link, over, finishing: () => link.tellAndSave(stateOf('finishing')), goOn };
}
