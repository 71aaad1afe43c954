import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from './api-error.ts';

export interface Loaded<T> {
  /** Of the newest answer; stays while the next one is loaded. */
  readonly value: T | undefined;
  readonly busy: boolean;
  readonly error: string | undefined;
  readonly reload: () => Promise<void>;
}

/** Loads when `inputs` change. An answer that arrives after that of a later request is dropped. */
export function useLoaded<T>(load: () => Promise<T>, inputs: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: undefined, busy: true, error: undefined });
  const last = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = async () => {
    const mine = ++last.current;
    setState((before) => ({ ...before, busy: true }));
    try {
      const value = await latest.current();
      if (mine === last.current) setState({ value, busy: false, error: undefined });
    } catch (fault) {
      if (mine === last.current) setState(({ value }) => ({ value, busy: false, error: messageOf(fault) }));
    }
  };
  useEffect(() => {
    void reload();
    return () => void last.current++;
  }, inputs);
  return { ...state, reload };
}
