import { useEffect, useState } from 'preact/hooks';
import type { CheckInsWaiting } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { everyLook } from './use-check-ins.ts';

const NOBODY: CheckInsWaiting = { waiting: 0, items: [] };

/** Students who wait to be admitted, by exam. @param asked false: nobody asks, as before the login */
export function useWaiting(api: Api, asked: boolean): CheckInsWaiting {
  const [waiting, setWaiting] = useState(NOBODY);
  useEffect(() => {
    if (!asked) return setWaiting(NOBODY);
    let gone = false;
    const look = () =>
      void api
        .get<CheckInsWaiting>('/api/check-ins/waiting')
        .then((found) => gone || setWaiting(found))
        // The page says in its other parts that the server does not answer.
        .catch(() => {});
    look();
    const stop = everyLook(look);
    return () => {
      gone = true;
      stop();
    };
  }, [api, asked]);
  return waiting;
}
