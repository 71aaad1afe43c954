import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { everyLook } from './every-look.ts';

/**
 * An answer of the server, asked for again and again.
 * @param nothing shown before the first answer; the same object in each call
 * @param asked false: nobody asks, as before the login
 */
export function useAskedAgain<T>(api: Api, path: string, nothing: T, asked: boolean): T {
  const [answer, setAnswer] = useState(nothing);
  useEffect(() => {
    if (!asked) return setAnswer(nothing);
    let gone = false;
    const look = () =>
      void api
        .get<T>(path)
        .then((found) => gone || setAnswer(found))
        // The page says in its other parts that the server does not answer.
        .catch(() => {});
    look();
    const stop = everyLook(look);
    return () => {
      gone = true;
      stop();
    };
  }, [api, path, nothing, asked]);
  return answer;
}
