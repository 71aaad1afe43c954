import type { Api } from '../shared/api.ts';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { nextSession } from './next-session.ts';
import { hrefOf } from './route.ts';

/** Goes to the review of the next session of a person. @param say called if there is none */
export function useNextSession(api: Api, session: string, me: string, say: (status: string) => void) {
  const { busy, error, run } = useAction();
  const go = () =>
    void run(async () => {
      const next = await nextSession(api, session, me);
      if (next === undefined) say(t.review.followingNone);
      else location.assign(hrefOf({ page: 'review', session: next }));
    });
  return { busy, error, go };
}
