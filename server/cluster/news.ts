import { z } from 'zod';
import type { LiveAccess } from '../access/live-access.ts';
import type { Revocations } from '../auth/logins/revocations.ts';
import type { Logger } from '../log.ts';
import type { SessionRegistry } from '../session/live/session-registry.ts';
import type { Bus } from './bus.ts';
import { decode, encode } from './plain-data.ts';

const SUBJECT = 'inv.news';

/** What nodes tell all others, after COMMIT. Each is also found by reading the database, later. */
const News = z.discriminatedUnion('of', [
  z.object({ of: z.literal('login-ended'), id: z.string() }),
  z.object({ of: z.literal('rights-changed'), id: z.string() }),
  z.object({ of: z.literal('assigned'), id: z.string() }),
  z.object({ of: z.literal('exam-changed'), id: z.string() }),
  z.object({ of: z.literal('session-claimed'), id: z.string() }),
]);
type News = z.infer<typeof News>;

export interface NewsParts {
  readonly bus: Bus;
  readonly revocations: Revocations;
  readonly access: LiveAccess;
  readonly registry: Pick<SessionRegistry, 'find' | 'checkOwned'>;
  readonly log: Logger;
}

/** Tells other nodes of changes that were committed here, and follows theirs. @returns tells that a session was claimed */
export function shareNews({ bus, revocations, access, registry, log }: NewsParts): (session: string) => void {
  const tell = (news: News) => bus.publish(SUBJECT, encode(news));
  // Listeners are called in the same turn: what comes from another node is not told again.
  let isFollowing = false;
  const told = (of: News['of']) => (id: string) => {
    if (!isFollowing) tell({ of, id });
  };
  revocations.onLoginEnded(told('login-ended'));
  revocations.onRightsChanged(told('rights-changed'));
  access.onAssigned = told('assigned');
  access.onExamChanged = told('exam-changed');

  const follow = ({ of, id }: News): void => {
    switch (of) {
      case 'login-ended':
        return revocations.loginEnded(id);
      case 'rights-changed':
        return revocations.rightsChanged(id);
      case 'assigned':
        return void access.assigned(id);
      case 'exam-changed':
        return void access.examChanged(id);
      case 'session-claimed': {
        const session = registry.find(id);
        if (session)
          registry.checkOwned([session]).catch((error: unknown) => log.debug({ err: error }, 'owner is unknown'));
      }
    }
  };
  bus.subscribe(SUBJECT, (bytes) => {
    const parsed = News.safeParse(decode(bytes));
    // Of a newer version.
    if (!parsed.success) return;
    isFollowing = true;
    try {
      follow(parsed.data);
    } finally {
      isFollowing = false;
    }
  });
  return told('session-claimed');
}
