import { useRef, useState } from 'preact/hooks';
import { messageOf } from '../shared/api-error.ts';

export interface ActQueue {
  readonly busy: boolean;
  /** Of the newest act that failed since the last one that was added to an idle queue. */
  readonly error: string | undefined;
  /** Runs after all acts added before, whether they succeed or not. */
  add(act: () => Promise<void>): void;
}

/**
 * Acts of the review, one after the other: a key that is pressed while a decision is sent is not lost.
 * @param settled called when the queue is empty again
 */
export function useActQueue(settled: () => Promise<void>): ActQueue {
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState<string>();
  const last = useRef(Promise.resolve());
  const count = useRef(0);
  const latest = useRef(settled);
  latest.current = settled;
  const run = async (act: () => Promise<void>) => {
    try {
      await act();
      if (count.current === 1) await latest.current();
    } catch (fault) {
      setError(messageOf(fault));
      await latest.current().catch(() => {});
    } finally {
      setWaiting(--count.current);
    }
  };
  const add = (act: () => Promise<void>) => {
    if (count.current === 0) setError(undefined);
    setWaiting(++count.current);
    last.current = last.current.then(() => run(act));
  };
  return { busy: waiting > 0, error, add };
}
