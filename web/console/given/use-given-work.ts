import { useEffect, useState } from 'preact/hooks';
import type { GivenWork } from '../../../protocol/http/review-work.ts';
import type { Api } from '../../shared/api.ts';
import { everyLook } from '../check-in/use-check-ins.ts';

const NOTHING: GivenWork = { reviews: 0, appeals: 0, appealsToGive: 0 };

/** Work that waits for the person, asked again and again. @param asked false: nobody asks, as before the login */
export function useGivenWork(api: Api, asked: boolean): GivenWork {
  const [work, setWork] = useState(NOTHING);
  useEffect(() => {
    if (!asked) return setWork(NOTHING);
    let gone = false;
    const look = () =>
      void api
        .get<GivenWork>('/api/given-work')
        .then((found) => gone || setWork(found))
        // The page says in its other parts that the server does not answer.
        .catch(() => {});
    look();
    const stop = everyLook(look);
    return () => {
      gone = true;
      stop();
    };
  }, [api, asked]);
  return work;
}
